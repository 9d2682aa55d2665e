/**
 * The store on disk: the only importer of {@code org.rocksdb}, and the guard of its native handles.
 *
 * <p>What must never enter: tables and their meaning; a native handle that leaves this package.
 */
@org.jspecify.annotations.NullMarked
package dev.reprise.storage.kv.rocksdb;
