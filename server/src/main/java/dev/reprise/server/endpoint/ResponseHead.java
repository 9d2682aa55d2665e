package dev.reprise.server.endpoint;

import org.jspecify.annotations.Nullable;

/**
 * What is used of a response's head.
 *
 * @param contentType null when it has none
 * @param retryAfter null when it has none
 * @param server what the SDK calls itself, or null
 */
public record ResponseHead(
    int status,
    @Nullable String contentType,
    @Nullable String retryAfter,
    @Nullable String server) {}
