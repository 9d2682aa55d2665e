/**
 * Runs invocations at service endpoints: attempts over the service protocol, what they say to the
 * log, their retries and their bounds. What is known of an invocation is in the tables; nothing
 * here may be its only record, and no rule of the engine may enter.
 *
 * <p>A class more than a package should have: places, memory and attempts bound each other, and
 * what bounds them is counted where they are.
 */
@NullMarked
package dev.reprise.server.invoker;

import org.jspecify.annotations.NullMarked;
