/**
 * Nouns to bytes and back, in one compact and deterministic form: the same noun is always the same
 * bytes, so that replicas can be compared. Formats are locked by tests; a changed one gets a new
 * version number and keeps reading the old.
 */
@NullMarked
package dev.reprise.storage.codec;

import org.jspecify.annotations.NullMarked;
