/** Tests of where things live. No sockets and no state may enter. */
@NullMarked
package dev.reprise.cluster.routing;

import org.jspecify.annotations.NullMarked;
