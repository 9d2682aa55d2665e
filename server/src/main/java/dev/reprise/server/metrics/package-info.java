/**
 * What a node counts, and how it is shown to Prometheus. The rooms hand in suppliers; no room's
 * state, and no decision that depends on a count, may enter.
 */
@NullMarked
package dev.reprise.server.metrics;

import org.jspecify.annotations.NullMarked;
