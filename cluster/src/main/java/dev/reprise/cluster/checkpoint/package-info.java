/**
 * How a replica whose log or store cannot make it whole any more becomes whole again: a checkpoint
 * of another replica is offered, fetched, and put in place of what was there. Files only: what they
 * mean is known to the store.
 */
@NullMarked
package dev.reprise.cluster.checkpoint;

import org.jspecify.annotations.NullMarked;
