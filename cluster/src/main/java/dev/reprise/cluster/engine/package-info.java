/**
 * The rules of a partition: log commands and tables go in, changed tables and actions come out.
 * Every replica runs them on every entry and must reach the same bytes; so nothing here reads a
 * clock, draws a random number, starts a thread or does I/O except through the tables.
 *
 * <p>More classes than a package should have: each is one chapter of the model, and they share the
 * context of the command that is being applied, which nobody outside may touch.
 */
@NullMarked
package dev.reprise.cluster.engine;

import org.jspecify.annotations.NullMarked;
