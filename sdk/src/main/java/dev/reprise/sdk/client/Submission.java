package dev.reprise.sdk.client;

import java.time.Instant;
import java.util.Optional;

/**
 * What a server says when it has accepted an invocation.
 *
 * @param isNew false when an earlier one has the same idempotency key, or is of the same workflow
 * @param startsAt when it is delayed
 */
public record Submission(String invocationId, boolean isNew, Optional<Instant> startsAt) {}
