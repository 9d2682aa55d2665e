/**
 * Connections to service endpoints: addresses, name look-up, HTTP/2 streams with flow control, and
 * discovery of what an endpoint serves. What is said inside a stream must not enter: that is the
 * invoker's.
 */
@NullMarked
package dev.reprise.server.endpoint;

import org.jspecify.annotations.NullMarked;
