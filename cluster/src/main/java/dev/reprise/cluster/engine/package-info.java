/**
 * The rules of a partition: log commands and tables go in, changed tables and actions come out.
 * Every replica runs them on every entry and must reach the same bytes; so nothing here reads a
 * clock, draws a random number, starts a thread or does I/O except through the tables.
 */
@NullMarked
package dev.reprise.cluster.engine;

import org.jspecify.annotations.NullMarked;
