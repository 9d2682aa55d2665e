/**
 * A node: its configuration, its directory, and the wiring of all rooms. Only here are adapters
 * made and ports opened. No behaviour of its own may enter.
 */
@NullMarked
package dev.reprise.server.node;

import org.jspecify.annotations.NullMarked;
