/**
 * Tests of a partition's leader, and the one door through which a simulation opens a partition with
 * other rules. No socket and no real clock may enter.
 */
@NullMarked
package dev.reprise.cluster.partition;

import org.jspecify.annotations.NullMarked;
