/**
 * The nouns of a partition, immutable. What may enter: values with their invariants. What may not:
 * how they are stored, and what the rules do with them.
 */
@NullMarked
package dev.reprise.storage.model;

import org.jspecify.annotations.NullMarked;
