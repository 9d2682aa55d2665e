package dev.reprise.cluster.codec;

import dev.reprise.cluster.engine.Command;
import dev.reprise.storage.codec.Parts;
import dev.reprise.storage.kv.ByteReader;
import dev.reprise.storage.kv.ByteWriter;

/** What a person may do to an invocation, as commands of the log: a tag, the id, and fields. */
final class OperationCodec {
  private static final int CANCEL = 11;
  private static final int KILL = 12;
  private static final int PURGE = 13;
  private static final int PURGE_JOURNAL = 14;
  private static final int PAUSE = 15;
  private static final int RESUME = 16;
  private static final int RESTART = 17;

  private OperationCodec() {}

  static void write(Command.Operation operation, ByteWriter out) {
    out.uint8(tag(operation));
    Parts.id(operation.id(), out);
    switch (operation) {
      case Command.Cancel cancel -> Parts.request(cancel.request(), out);
      case Command.Kill kill -> out.varint(kill.partitions());
      case Command.Resume resume -> Parts.pin(resume.pin(), out);
      case Command.Restart restart -> {
        Parts.id(restart.newId(), out);
        Parts.request(restart.request(), out);
        out.varint(restart.throughIndex());
        Parts.pin(restart.pin(), out);
        out.uint64(restart.randomSeed());
      }
      case Command.Purge purge -> {}
      case Command.PurgeJournal purge -> {}
      case Command.Pause pause -> {}
    }
  }

  private static int tag(Command.Operation operation) {
    return switch (operation) {
      case Command.Cancel cancel -> CANCEL;
      case Command.Kill kill -> KILL;
      case Command.Purge purge -> PURGE;
      case Command.PurgeJournal purge -> PURGE_JOURNAL;
      case Command.Pause pause -> PAUSE;
      case Command.Resume resume -> RESUME;
      case Command.Restart restart -> RESTART;
    };
  }

  static Command read(int tag, ByteReader in) {
    return switch (tag) {
      case CANCEL -> new Command.Cancel(Parts.id(in), Parts.request(in));
      case KILL -> new Command.Kill(Parts.id(in), in.varint(0xFFFF));
      case PURGE -> new Command.Purge(Parts.id(in));
      case PURGE_JOURNAL -> new Command.PurgeJournal(Parts.id(in));
      case PAUSE -> new Command.Pause(Parts.id(in));
      case RESUME -> new Command.Resume(Parts.id(in), Parts.pin(in));
      case RESTART ->
          new Command.Restart(
              Parts.id(in),
              Parts.id(in),
              Parts.request(in),
              in.varint(Integer.MAX_VALUE),
              Parts.pin(in),
              in.uint64());
      default -> throw Parts.unknown("a command", tag);
    };
  }
}
