/**
 * The doors for operators: the admin HTTP API and the node port's HTTP. What they change goes
 * through the registry's log; nothing that blocks may run on an event loop, and no rule of
 * execution may enter.
 */
@NullMarked
package dev.reprise.server.admin;

import org.jspecify.annotations.NullMarked;
