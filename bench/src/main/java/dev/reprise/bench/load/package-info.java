/**
 * The load generator: HTTP/1.1 requests from one thread, their latencies, and what the processes
 * under test used meanwhile. No knowledge of workloads or of a server's protocol beyond HTTP may
 * enter, and nothing that allocates per request.
 */
@NullMarked
package dev.reprise.bench.load;

import org.jspecify.annotations.NullMarked;
