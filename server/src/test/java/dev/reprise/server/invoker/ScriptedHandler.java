package dev.reprise.server.invoker;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import dev.reprise.api.MessageFraming;
import dev.reprise.api.MessageType;
import dev.reprise.api.protocol.CallCommandMessage;
import dev.reprise.api.protocol.EndMessage;
import dev.reprise.api.protocol.ErrorMessage;
import dev.reprise.api.protocol.OutputCommandMessage;
import dev.reprise.api.protocol.ProposeRunCompletionMessage;
import dev.reprise.api.protocol.RunCommandMessage;
import dev.reprise.api.protocol.SleepCommandMessage;
import dev.reprise.api.protocol.StartMessage;
import dev.reprise.api.protocol.SuspensionMessage;
import dev.reprise.api.protocol.Value;
import dev.reprise.server.endpoint.ScriptedEndpoint;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** One attempt as a handler's SDK sees it: frames instead of bytes. For scripts. */
final class ScriptedHandler {
  private final ScriptedEndpoint.Peer peer;
  private StartMessage start = StartMessage.getDefaultInstance();
  private List<Frame> journal = List.of();

  ScriptedHandler(ScriptedEndpoint.Peer peer) {
    this.peer = peer;
  }

  /** A frame; the type is -1 at the request's end. */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  record Frame(int type, byte[] payload) {
    boolean isEnd() {
      return type < 0;
    }
  }

  static byte[] bytes(int type, byte[] payload) {
    return ByteBuffer.allocate(MessageFraming.HEADER_BYTES + payload.length)
        .putLong(MessageFraming.header(type, payload.length))
        .put(payload)
        .array();
  }

  static byte[] bytes(int type, MessageLite message) {
    return bytes(type, message.toByteArray());
  }

  static byte[] output(String value) {
    Value content = Value.newBuilder().setContent(ByteString.copyFromUtf8(value)).build();
    return bytes(MessageType.OUTPUT, OutputCommandMessage.newBuilder().setValue(content).build());
  }

  static byte[] end() {
    return bytes(MessageType.END, EndMessage.getDefaultInstance());
  }

  static byte[] run(int id) {
    return bytes(MessageType.RUN, RunCommandMessage.newBuilder().setResultCompletionId(id).build());
  }

  static byte[] proposal(int id, String value) {
    return bytes(
        MessageType.PROPOSE_RUN_COMPLETION,
        ProposeRunCompletionMessage.newBuilder()
            .setResultCompletionId(id)
            .setValue(ByteString.copyFromUtf8(value))
            .build());
  }

  static byte[] sleep(int id, long untilMillis) {
    return bytes(
        MessageType.SLEEP,
        SleepCommandMessage.newBuilder()
            .setResultCompletionId(id)
            .setWakeUpTime(untilMillis)
            .build());
  }

  static byte[] call(String service, String handler, String key, String parameter, int id) {
    return bytes(
        MessageType.CALL,
        CallCommandMessage.newBuilder()
            .setServiceName(service)
            .setHandlerName(handler)
            .setKey(key)
            .setParameter(ByteString.copyFromUtf8(parameter))
            .setInvocationIdNotificationIdx(id)
            .setResultCompletionId(id + 1)
            .build());
  }

  static byte[] suspension(Integer... completions) {
    return bytes(
        MessageType.SUSPENSION,
        SuspensionMessage.newBuilder()
            .addAllWaitingCompletions(Arrays.asList(completions))
            .addWaitingSignals(MessageType.CANCEL_SIGNAL)
            .build());
  }

  /** In version 7, on futures that deep. */
  static byte[] nestedSuspension(int depth) {
    byte[] future = {0x12, 1, MessageType.CANCEL_SIGNAL};
    for (int i = 0; i < depth; i++) {
      java.io.ByteArrayOutputStream outer = new java.io.ByteArrayOutputStream();
      outer.write(0x22);
      for (int left = future.length; ; left >>>= 7) {
        outer.write(left < 0x80 ? left : left | 0x80);
        if (left < 0x80) {
          break;
        }
      }
      outer.writeBytes(future);
      future = outer.toByteArray();
    }
    return bytes(MessageType.SUSPENSION, future);
  }

  static byte[] error(int code, String message) {
    return bytes(
        MessageType.ERROR, ErrorMessage.newBuilder().setCode(code).setMessage(message).build());
  }

  static byte[] join(byte[]... parts) {
    int size = Arrays.stream(parts).mapToInt(part -> part.length).sum();
    ByteBuffer all = ByteBuffer.allocate(size);
    for (byte[] part : parts) {
      all.put(part);
    }
    return all.array();
  }

  /** Answers with a good head, and reads start and journal. */
  ScriptedHandler begin() throws Exception {
    accept();
    readJournal();
    return this;
  }

  void accept() {
    peer.head(200, "content-type", String.valueOf(peer.header("content-type")));
  }

  void readJournal() throws Exception {
    start = StartMessage.parseFrom(read().payload());
    List<Frame> frames = new ArrayList<>();
    for (int i = 0; i < start.getKnownEntries(); i++) {
      frames.add(read());
    }
    journal = frames;
  }

  StartMessage start() {
    return start;
  }

  List<Frame> journal() {
    return journal;
  }

  /** Types of the journal's entries by name. */
  List<String> journalTypes() {
    return journal.stream().map(frame -> MessageType.nameOf(frame.type())).toList();
  }

  boolean replayed(int type) {
    return journal.stream().anyMatch(frame -> frame.type() == type);
  }

  String input() throws Exception {
    return dev.reprise.api.protocol.InputCommandMessage.parseFrom(journal.get(0).payload())
        .getValue()
        .getContent()
        .toStringUtf8();
  }

  /** The next frame, or one that is none at the end. */
  Frame read() throws Exception {
    byte[] header = peer.read(MessageFraming.HEADER_BYTES);
    if (header.length == 0) {
      return new Frame(-1, header);
    }
    long bits = ByteBuffer.wrap(header).getLong();
    return new Frame(
        MessageFraming.type(bits), peer.read(Math.toIntExact(MessageFraming.length(bits))));
  }

  /** Reads on until a frame of that type. */
  Frame await(int type) throws Exception {
    while (true) {
      Frame frame = read();
      if (frame.type() == type) {
        return frame;
      }
      if (frame.isEnd()) {
        throw new AssertionError(
            "Expected " + MessageType.nameOf(type) + ", but the request ended");
      }
    }
  }

  /** Reads on to the request's end. */
  void awaitEnd() throws Exception {
    while (!read().isEnd()) {
      // What comes before does not matter here.
    }
  }

  void say(byte[]... frames) {
    peer.send(join(frames));
  }

  /** Each frame in a TCP segment of its own, and read by the other side as such. */
  void sayOneByOne(byte[]... frames) throws Exception {
    for (byte[] frame : frames) {
      peer.send(frame);
      peer.awaitRead();
    }
  }

  /** Says the last words, reads the request to its end, and ends the response: as SDKs do. */
  void finish(byte[]... lastWords) throws Exception {
    say(lastWords);
    awaitEnd();
    peer.end();
  }

  ScriptedEndpoint.Peer peer() {
    return peer;
  }
}
