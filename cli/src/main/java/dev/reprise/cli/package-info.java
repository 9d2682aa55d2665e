/**
 * restatectl: what an operator types. It talks to a server over its public APIs only; nothing of
 * the server's inside may enter.
 */
@NullMarked
package dev.reprise.cli;

import org.jspecify.annotations.NullMarked;
