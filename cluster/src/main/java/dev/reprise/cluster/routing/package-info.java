/**
 * Where things live: how ids are made, and which partition a key belongs to. No sockets and no
 * state may enter.
 */
@NullMarked
package dev.reprise.cluster.routing;

import org.jspecify.annotations.NullMarked;
