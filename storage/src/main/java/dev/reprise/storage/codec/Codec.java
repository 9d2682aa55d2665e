package dev.reprise.storage.codec;

import dev.reprise.storage.kv.ByteReader;
import dev.reprise.storage.kv.ByteWriter;

/** How one kind of noun is written and read. Stateless; any thread. */
public interface Codec<T> {
  void write(T value, ByteWriter out);

  /** Reads what {@link #write} wrote; byte windows may point into the reader's array. */
  T read(ByteReader in);
}
