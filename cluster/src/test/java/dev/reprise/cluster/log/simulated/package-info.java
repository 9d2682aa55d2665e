/**
 * A replicated log for the simulation: one thread, virtual time, all chance from one seed. It may
 * do what a Raft log may do to a replica, and no more; no thread, clock or file may enter.
 */
@NullMarked
package dev.reprise.cluster.log.simulated;

import org.jspecify.annotations.NullMarked;
