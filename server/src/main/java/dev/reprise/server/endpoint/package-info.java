/**
 * Connections to service endpoints: addresses, name look-up, streams over HTTP/2, HTTP/1.1, TLS and
 * functions, with flow control, and discovery of what an endpoint serves. What is said inside a
 * stream must not enter: that is the invoker's.
 *
 * <p>More classes than a package should have: each protocol has two or three, and all of them share
 * one pool, one exchange and one look at time that nobody else should see.
 */
@NullMarked
package dev.reprise.server.endpoint;

import org.jspecify.annotations.NullMarked;
