/**
 * The store on disk keeps the promises of all stores, and survives crashes, damage and misuse.
 *
 * <p>What must never enter: tests of what is stored.
 */
@org.jspecify.annotations.NullMarked
package dev.reprise.storage.kv.rocksdb;
