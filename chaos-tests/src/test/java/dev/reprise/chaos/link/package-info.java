/** The network between processes of this machine, as proxies that can be cut and slowed. */
@NullMarked
package dev.reprise.chaos.link;

import org.jspecify.annotations.NullMarked;
