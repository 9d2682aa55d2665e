package dev.reprise.storage.kv.memory;

import dev.reprise.storage.kv.ByteReader;
import dev.reprise.storage.kv.ByteWriter;
import dev.reprise.storage.kv.StorageException;
import dev.reprise.storage.kv.StorageException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/**
 * A checkpoint of a store in memory: a real file, so that whatever ships, renames and deletes
 * checkpoints does the same to it.
 *
 * <pre>repeated (key, value: varint length and bytes) | CRC-32C of all before (4 bytes)</pre>
 */
final class CheckpointFile {
  private static final String NAME = "rows";
  private static final int CHECKSUM_BYTES = 4;

  private CheckpointFile() {}

  static void write(Path directory, SortedRows rows) {
    Path parent = directory.toAbsolutePath().getParent();
    if (Files.exists(directory) || parent == null || !Files.isDirectory(parent)) {
      throw new StorageException(
          Reason.UNUSABLE,
          "Expected a name that is free in a directory that exists, but got " + directory);
    }
    var bytes = new ByteWriter();
    SortedRows.Walk walk = rows.from(new byte[0]);
    while (walk.next()) {
      bytes.bytes(walk.key()).bytes(walk.value());
    }
    bytes.uint32(checksum(bytes.array(), bytes.size()));
    try {
      Files.createDirectory(directory);
      Files.write(directory.resolve(NAME), bytes.toBytes());
    } catch (IOException e) {
      throw new StorageException(
          Reason.FAILED, "Expected to write a checkpoint to " + directory + ", but " + e, e);
    }
  }

  static SortedRows read(Path directory) {
    Path file = directory.resolve(NAME);
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(file);
    } catch (IOException e) {
      throw new StorageException(
          Reason.UNUSABLE, "Expected a checkpoint in " + directory + ", but " + e, e);
    }
    int length = bytes.length - CHECKSUM_BYTES;
    if (length < 0
        || new ByteReader(bytes, length, CHECKSUM_BYTES).uint32() != checksum(bytes, length)) {
      throw new StorageException(
          Reason.CORRUPT, "Expected intact bytes in " + file + ", but its checksum differs");
    }
    SortedRows rows = SortedRows.EMPTY;
    var reader = new ByteReader(bytes, 0, length);
    while (reader.hasMore()) {
      rows = rows.put(reader.bytes(), reader.bytes());
    }
    return rows;
  }

  private static long checksum(byte[] bytes, int length) {
    var crc = new CRC32C();
    crc.update(bytes, 0, length);
    return crc.getValue();
  }
}
