/**
 * Netty's threads and channels as the rest of the house sees them: which transport this machine
 * has, how many event loops there are, and the partitions' {@link
 * dev.reprise.cluster.partition.Loop} on one of them. No protocol and no rule may enter.
 */
@NullMarked
package dev.reprise.server.net;

import org.jspecify.annotations.NullMarked;
