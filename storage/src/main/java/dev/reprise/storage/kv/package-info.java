/**
 * Ordered bytes: the one contract of the stores, and the writers and readers of keys and values.
 *
 * <p>What must never enter: the meaning of a row. No table, no record, no clock, and no {@code
 * org.rocksdb} outside of {@code kv.rocksdb}.
 */
@org.jspecify.annotations.NullMarked
package dev.reprise.storage.kv;
