package dev.reprise.storage.model;

/** One piece of an object's state. */
public record StateEntry(Bytes key, Bytes value) {}
