package dev.reprise.storage.kv;

/** A walk over rows in ascending order. Starts before the first row. Confined to one thread. */
public interface Cursor extends AutoCloseable {
  /** Steps to the next row and says whether there is one. Once false, it stays false. */
  boolean next();

  /** The key of the current row; the array may be kept. Throws unless {@link #next} said true. */
  byte[] key();

  /** The value of the current row; the array may be kept. Throws unless {@link #next} said true. */
  byte[] value();

  /**
   * After {@link #next} said false: whether it stopped only because more must be read from a disk.
   * Always false for a cursor that may read from disk.
   */
  boolean stoppedShort();

  @Override
  void close();
}
