/**
 * A small cluster on one thread: real engine, real partitions and leaders, over a simulated log,
 * simulated endpoints and stores in memory that forget. One seed is one run. Nothing that a seed
 * cannot repeat may enter: no thread, no clock, no file.
 */
@NullMarked
package dev.reprise.cluster.simulation;

import org.jspecify.annotations.NullMarked;
