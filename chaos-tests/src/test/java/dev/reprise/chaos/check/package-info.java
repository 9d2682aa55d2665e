/**
 * Judges histories. Each check is a function of acts alone, and is itself tested on histories that
 * are known to be right and wrong.
 */
@NullMarked
package dev.reprise.chaos.check;

import org.jspecify.annotations.NullMarked;
