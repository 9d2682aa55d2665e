package dev.reprise.storage.model;

/**
 * The name of one request, drawn by the node that received it: what remembers the request that made
 * it can give the same request its first answer again.
 */
public record RequestId(long high, long low) {}
