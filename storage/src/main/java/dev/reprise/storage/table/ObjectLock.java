package dev.reprise.storage.table;

import dev.reprise.storage.model.InvocationId;

/**
 * Who has an object's key now, and how many wait in its inbox. There is no lock where nobody runs
 * and nobody waits.
 */
public record ObjectLock(InvocationId holder, int waiting) {}
