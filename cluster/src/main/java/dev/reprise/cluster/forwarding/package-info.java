/**
 * The way from whoever asks to the leader of a partition, on whatever node that is: any node serves
 * any request. No sockets may enter; how a node reaches another is {@link
 * dev.reprise.cluster.forwarding.OtherNodes}' affair.
 */
@NullMarked
package dev.reprise.cluster.forwarding;

import org.jspecify.annotations.NullMarked;
