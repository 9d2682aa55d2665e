/**
 * How times, durations and JSON strings are written and read at the doors. No meaning of a request
 * and no state may enter.
 */
@NullMarked
package dev.reprise.server.text;

import org.jspecify.annotations.NullMarked;
