package dev.reprise.server.invoker.frames;

import dev.reprise.api.MessageType;
import dev.reprise.storage.model.Bytes;

/**
 * The completion ids that a journal has given out, each once, and which of them belong to run steps
 * without a result. Confined to its attempt's loop, or for the time of a replay to the thread that
 * reads it.
 */
public final class CompletionIds {
  private static final int NOTIFICATION_ID_FIELD = 1;
  private static final int INVOCATION_ID_FIELD = 10;
  private static final int RESULT_ID_FIELD = 11;
  private static final byte FREE = 0;
  private static final byte GIVEN = 1;
  private static final byte RUN_OPEN = 2;
  private static final byte RUN_DONE = 3;

  /** The endpoint keeps the result, and wants to hear only that it is durable. */
  private static final byte RUN_KEPT = 4;

  private int[] keys = new int[0];
  private byte[] marks = new byte[0];
  private int size;
  private int openRuns;

  /** Gives an id out. */
  void give(int id, int type) {
    if (id <= 0) {
      throw new ProtocolViolation(
          "Expected a completion id from 1 on, but got " + Integer.toUnsignedString(id));
    }
    if (mark(id) != FREE) {
      throw new ProtocolViolation("Expected a new completion id, but " + id + " is in use");
    }
    put(id, type == MessageType.RUN ? RUN_OPEN : GIVEN);
  }

  /**
   * A run step has its result.
   *
   * @param kept whether the endpoint wants to hear only that it is durable
   */
  void runProposed(int id, boolean kept) {
    switch (mark(id)) {
      case RUN_OPEN -> put(id, kept ? RUN_KEPT : RUN_DONE);
      case RUN_DONE, RUN_KEPT ->
          throw new ProtocolViolation("Expected one result of run " + id + ", but got a second");
      default ->
          throw new ProtocolViolation(
              "Expected the completion id of a run, but "
                  + Integer.toUnsignedString(id)
                  + " is none");
    }
  }

  /** Whether the endpoint knows the result that this run completion tells. */
  public boolean keptByEndpoint(Bytes runCompletion) {
    return mark(field(runCompletion, NOTIFICATION_ID_FIELD)) == RUN_KEPT;
  }

  /** The completion that a notification tells; 0 where it is a signal. */
  public static int completionOf(Bytes notification) {
    return field(notification, NOTIFICATION_ID_FIELD);
  }

  /** How many run steps have no result yet. */
  public int openRuns() {
    return openRuns;
  }

  boolean contains(int id) {
    return mark(id) != FREE;
  }

  /** Takes notice of a journal entry; it was checked when it was new. */
  public void replayed(int type, Bytes payload) {
    if (MessageType.isCommand(type)) {
      mark(field(payload, INVOCATION_ID_FIELD), GIVEN);
      mark(field(payload, RESULT_ID_FIELD), type == MessageType.RUN ? RUN_OPEN : GIVEN);
    } else if (type == MessageType.RUN_COMPLETION) {
      mark(field(payload, NOTIFICATION_ID_FIELD), RUN_DONE);
    }
  }

  private void mark(int id, byte mark) {
    if (id > 0) {
      put(id, mark);
    }
  }

  private byte mark(int id) {
    if (size == 0 || id == 0) {
      return FREE;
    }
    return marks[slot(id)];
  }

  private void put(int id, byte mark) {
    if (size * 2 >= keys.length) {
      grow();
    }
    int slot = slot(id);
    openRuns += (mark == RUN_OPEN ? 1 : 0) - (marks[slot] == RUN_OPEN ? 1 : 0);
    if (marks[slot] == FREE) {
      size++;
      keys[slot] = id;
    }
    marks[slot] = mark;
  }

  private int slot(int id) {
    int mask = keys.length - 1;
    int slot = ((id * 0x9E3779B9) >>> 7) & mask;
    while (marks[slot] != FREE && keys[slot] != id) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private void grow() {
    int[] oldKeys = keys;
    byte[] oldMarks = marks;
    keys = new int[Math.max(16, oldKeys.length * 2)];
    marks = new byte[keys.length];
    size = 0;
    openRuns = 0;
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldMarks[i] != FREE) {
        put(oldKeys[i], oldMarks[i]);
      }
    }
  }

  /** The varint in a field of a message, 0 when it is not there: without decoding the rest. */
  public static int field(Bytes payload, int wanted) {
    byte[] array = payload.array();
    int at = payload.offset();
    int end = at + payload.length();
    int found = 0;
    while (at < end) {
      long tag = varint(array, at, end);
      at = afterVarint(array, at, end);
      int number = (int) (tag >>> 3);
      switch ((int) tag & 7) {
        case 0 -> {
          if (number == wanted) {
            found = (int) varint(array, at, end);
          }
          at = afterVarint(array, at, end);
        }
        case 1 -> at += Long.BYTES;
        case 2 -> {
          long length = varint(array, at, end);
          at = afterVarint(array, at, end);
          if (length < 0 || length > end - at) {
            return found;
          }
          at += (int) length;
        }
        case 5 -> at += Integer.BYTES;
        default -> {
          return found;
        }
      }
    }
    return found;
  }

  private static long varint(byte[] array, int at, int end) {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE && at < end; shift += 7) {
      byte next = array[at++];
      value |= (long) (next & 0x7F) << shift;
      if (next >= 0) {
        break;
      }
    }
    return value;
  }

  private static int afterVarint(byte[] array, int at, int end) {
    int after = at;
    while (after < end && array[after] < 0) {
      after++;
    }
    return after + 1;
  }
}
