/**
 * Who is in the cluster and which nodes have a copy of which partition: the nouns, and the pure
 * rules that choose. No rule here asks a clock, chance or the network.
 */
@NullMarked
package dev.reprise.cluster.membership;

import org.jspecify.annotations.NullMarked;
