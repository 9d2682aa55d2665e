/** How checkpoints travel between replicas, tried on real stores. */
@NullMarked
package dev.reprise.cluster.checkpoint;

import org.jspecify.annotations.NullMarked;
