/**
 * What a cluster agrees on beside its partitions: which deployments exist and which services they
 * serve. A replicated log of its own keeps it; every node reads an immutable {@link
 * dev.reprise.cluster.metadata.Registry}. Nothing about a single invocation may enter.
 */
@NullMarked
package dev.reprise.cluster.metadata;

import org.jspecify.annotations.NullMarked;
