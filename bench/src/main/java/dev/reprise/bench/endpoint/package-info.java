/**
 * The null endpoint: serves handlers that do nothing but speak the service protocol, over HTTP/2
 * with prior knowledge, for next to no CPU. No SDK, no user code and no thread of its own beside
 * the one event loop may enter.
 */
@NullMarked
package dev.reprise.bench.endpoint;

import org.jspecify.annotations.NullMarked;
