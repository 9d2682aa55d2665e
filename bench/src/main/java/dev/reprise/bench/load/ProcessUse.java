package dev.reprise.bench.load;

/**
 * What a process tree used while it was measured.
 *
 * @param cpuSeconds user and system time of all its processes
 * @param writtenBytes what reached the block layer; -1 where the system does not tell
 * @param residentBytes memory at the end; -1 where the system does not tell
 */
public record ProcessUse(double cpuSeconds, long writtenBytes, long residentBytes) {}
