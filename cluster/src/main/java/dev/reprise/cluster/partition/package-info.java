/**
 * One partition at work: applies its log to its tables, and, where its replica leads, carries
 * actions out and turns what the outside answers into commands. The outside itself (sockets, HTTP,
 * threads) must not enter: it is behind {@link dev.reprise.cluster.partition.Invoker}, {@link
 * dev.reprise.cluster.partition.Loop} and {@link dev.reprise.cluster.partition.Ingress}.
 */
@NullMarked
package dev.reprise.cluster.partition;

import org.jspecify.annotations.NullMarked;
