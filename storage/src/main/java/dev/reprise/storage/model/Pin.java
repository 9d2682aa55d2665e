package dev.reprise.storage.model;

/** The deployment that an invocation stays on, and the protocol version that was agreed with it. */
public record Pin(String deployment, int protocolVersion) {}
