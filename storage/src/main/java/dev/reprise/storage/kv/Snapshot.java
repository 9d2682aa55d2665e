package dev.reprise.storage.kv;

/**
 * The store as it was at one moment. Any thread. An open snapshot keeps deleted and overwritten
 * rows alive, so it must be closed; closing waits for reads under way and is harmless twice.
 */
public interface Snapshot extends Reads, AutoCloseable {
  @Override
  void close();
}
