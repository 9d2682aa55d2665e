/**
 * The doors for operators: the admin HTTP API and the node port's HTTP. What they change goes
 * through the registry's log or to the partitions; nothing that blocks may run on an event loop,
 * and no rule of execution may enter.
 *
 * <p>More classes than most: each resource of the API has its routes, its requests and its
 * documents here, small and side by side.
 */
@NullMarked
package dev.reprise.server.admin;

import org.jspecify.annotations.NullMarked;
