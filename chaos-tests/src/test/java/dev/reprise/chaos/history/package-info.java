/**
 * What clients did and were told, as they saw it: acts, and the file that they are kept in. Knows
 * nothing of servers, so that a history can be judged without one.
 */
@NullMarked
package dev.reprise.chaos.history;

import org.jspecify.annotations.NullMarked;
