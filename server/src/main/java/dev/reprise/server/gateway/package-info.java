/**
 * The HTTP ingress: turns requests of the public HTTP API into invocations, and outcomes into
 * responses. Rules of execution must never enter, nor anything that blocks; it knows the partitions
 * only as {@link dev.reprise.cluster.partition.Ingress}.
 */
@NullMarked
package dev.reprise.server.gateway;

import org.jspecify.annotations.NullMarked;
