/**
 * How Raft servers talk: Ratis over gRPC with what it needs to be right, and to be quick, when
 * copies open and close, members change and leaders die; and no talk at all where a node is alone.
 */
@NullMarked
package dev.reprise.cluster.log.ratis.transport;

import org.jspecify.annotations.NullMarked;
