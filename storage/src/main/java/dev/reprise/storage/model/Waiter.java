package dev.reprise.storage.model;

/**
 * An invocation that waits for another one's outcome as its completion {@code completionId}. Its
 * partition stands beside it: whoever answers need not know how keys are spread.
 */
public record Waiter(int partition, InvocationId id, long incarnation, int completionId) {}
