/** Nodes in one process that reach each other over real connections. */
@NullMarked
package dev.reprise.server.internode;

import org.jspecify.annotations.NullMarked;
