package dev.reprise.bench.endpoint;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.reprise.api.MessageType;
import io.netty.buffer.ByteBuf;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * One attempt of one invocation: the journal so far, and what the handler adds to it. The event
 * loop's thread.
 */
final class Attempt implements Exchange {
  private static final byte[] COUNT = "count".getBytes(US_ASCII);
  private static final byte[] NOTHING = {};

  private final Handler handler;
  private final Mode mode;
  private final Shared shared;
  private final MessageWriter writer;
  private final Reply reply;
  private final MessageAssembler messages = new MessageAssembler(this::message);
  private final BitSet completions = new BitSet();
  private final BitSet proposals = new BitSet();

  private boolean started;
  private boolean requestEnded;
  private boolean ended;
  private long knownEntries;
  private long seenEntries;
  private byte @Nullable [] input;
  private byte @Nullable [] state;
  private boolean partialState;
  private int commands;
  private byte[] callResult = NOTHING;

  Attempt(Handler handler, Mode mode, Shared shared, Reply reply) {
    this.handler = handler;
    this.mode = mode;
    this.shared = shared;
    this.writer = shared.writer();
    this.reply = reply;
  }

  @Override
  public void data(ByteBuf data) {
    messages.feed(data);
    proceed();
  }

  @Override
  public void requestEnded() {
    requestEnded = true;
    proceed();
  }

  @Override
  public void gone() {
    ended = true;
    shared.sink().forget(this);
  }

  /** Lets the handler do what it can, once the whole journal is there, and sends what it wrote. */
  void proceed() {
    if (ended || !started || input == null || seenEntries < knownEntries) {
      return;
    }
    writer.clear();
    handler.advance(this);
    reply.body(writer.frames(), ended);
  }

  private void message(int type, byte[] payload) {
    if (type == MessageType.START) {
      start(new Fields(payload));
    } else if (type == MessageType.INPUT) {
      seenEntries++;
      input = valueOf(new Fields(payload), 14);
    } else if (MessageType.isCommand(type)) {
      seenEntries++;
      commands++;
    } else if (MessageType.isNotification(type)) {
      seenEntries++;
      notification(type, new Fields(payload));
    }
  }

  private void start(Fields start) {
    started = true;
    shared.counts().attempted(handler);
    while (start.next()) {
      switch (start.number()) {
        case 3 -> knownEntries = start.varint();
        case 4 -> stateEntry(start.nested());
        case 5 -> partialState = start.varint() != 0;
        default -> {} // Ids, key and seed: nothing here depends on them.
      }
    }
  }

  private void stateEntry(Fields entry) {
    boolean count = false;
    byte[] value = NOTHING;
    while (entry.next()) {
      if (entry.number() == 1) {
        count = entry.is(COUNT);
      } else if (entry.number() == 2) {
        value = entry.bytes();
      }
    }
    if (count) {
      state = value;
    }
  }

  private void notification(int type, Fields notification) {
    while (notification.next()) {
      if (notification.number() == 1) {
        completions.set((int) notification.varint());
      } else if (notification.number() == 5 && type == MessageType.CALL_COMPLETION) {
        callResult = content(notification.nested());
      } else if (notification.number() == 5 && type == MessageType.GET_LAZY_STATE_COMPLETION) {
        state = content(notification.nested());
      }
    }
  }

  private static byte[] valueOf(Fields fields, int number) {
    byte[] value = NOTHING;
    while (fields.next()) {
      if (fields.number() == number) {
        value = content(fields.nested());
      }
    }
    return value;
  }

  private static byte[] content(Fields value) {
    byte[] content = NOTHING;
    while (value.next()) {
      if (value.number() == 1) {
        content = value.bytes();
      }
    }
    return content;
  }

  // What handlers use.

  Mode mode() {
    return mode;
  }

  Sink sink() {
    return shared.sink();
  }

  byte[] input() {
    return input == null ? NOTHING : input;
  }

  /** Journal commands after the input, replayed or written. */
  int commands() {
    return commands;
  }

  boolean hasState() {
    return state != null;
  }

  byte[] state() {
    return state == null ? NOTHING : state;
  }

  /** Whether there may be state that did not come with the start. */
  boolean partialState() {
    return partialState;
  }

  byte[] callResult() {
    return callResult;
  }

  boolean completed(int completion) {
    return completions.get(completion);
  }

  /** The writer for the fields of the next message. */
  MessageWriter write() {
    return writer;
  }

  /** Ends a journal command whose fields were written. */
  void command(int type) {
    writer.frame(type);
    commands++;
  }

  /** Offers the result of a run step, once per attempt. */
  void propose(int completion, byte[] result) {
    if (!proposals.get(completion)) {
      proposals.set(completion);
      writer.varint(1, completion).bytes(14, result).frame(MessageType.PROPOSE_RUN_COMPLETION);
    }
  }

  /** Whether a completion is there; suspends when it cannot come in this attempt. */
  boolean await(int completion) {
    if (completions.get(completion)) {
      return true;
    }
    if (requestEnded || mode == Mode.REQUEST_RESPONSE) {
      suspend(completion);
    }
    return false;
  }

  void suspend(int completion) {
    // A packed list of one small number is one byte per seven bits, as a varint is.
    byte[] packed =
        completion < 0x80
            ? new byte[] {(byte) completion}
            : new byte[] {(byte) (completion | 0x80), (byte) (completion >>> 7)};
    writer.bytes(1, packed).frame(MessageType.SUSPENSION);
    ended = true;
  }

  void succeed(byte[] output) {
    writer.value(14, output).frame(MessageType.OUTPUT);
    writer.frame(MessageType.END);
    shared.counts().completed(handler);
    ended = true;
  }
}
