package dev.reprise.storage.model;

/**
 * One entry of a journal: the frame's type and its payload as it was sent, so that replay neither
 * decodes nor encodes.
 */
public record JournalEntry(int type, Bytes payload) {}
