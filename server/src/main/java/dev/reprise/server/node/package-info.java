/**
 * A node: its configuration, its directory, and the wiring of all rooms. Only here are adapters
 * made and ports opened. No behaviour of its own may enter. It is larger than most packages, as
 * what wires all rooms is best seen in one place.
 */
@NullMarked
package dev.reprise.server.node;

import org.jspecify.annotations.NullMarked;
