/**
 * Log commands and journal frames, to bytes and back: the one place of this room that knows the
 * wire and the log's format. No rule may enter.
 */
@NullMarked
package dev.reprise.cluster.codec;

import org.jspecify.annotations.NullMarked;
