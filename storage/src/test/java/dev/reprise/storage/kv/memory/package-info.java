/**
 * The store in memory keeps the promises of all stores, and fails as it was told.
 *
 * <p>What must never enter: tests of what is stored.
 */
@org.jspecify.annotations.NullMarked
package dev.reprise.storage.kv.memory;
