package dev.reprise.bench.endpoint;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.reprise.api.MessageType;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What handlers answer to a server, as lines of message names and texts. */
class AttemptTest {
  private final Shared shared = new Shared();
  private final List<String> said = new ArrayList<>();
  private final MessageWriter server = new MessageWriter();

  @Test
  void echoAnswersWithItsInput() {
    Attempt attempt = open(Handler.ECHO, Mode.STREAMING);
    start(1);
    input("\"hi\"");
    assertThat(after(attempt)).containsExactly("Output \"hi\"", "End", "closed");
  }

  @Test
  void nothingIsSaidBeforeTheWholeJournalIsThere() {
    Attempt attempt = open(Handler.ECHO, Mode.STREAMING);
    start(2);
    input("1");
    assertThat(after(attempt)).isEmpty();
  }

  @Test
  void eachStepWaitsForTheOneBefore() {
    Attempt attempt = open(Handler.STEPS, Mode.STREAMING);
    start(1);
    input("2");
    assertThat(after(attempt)).containsExactly("Run 1", "ProposeRunCompletion 1");
    completion(MessageType.RUN_COMPLETION, 1, "\"step-result\"");
    assertThat(after(attempt)).containsExactly("Run 2", "ProposeRunCompletion 2");
    completion(MessageType.RUN_COMPLETION, 2, "\"step-result\"");
    assertThat(after(attempt)).containsExactly("Output \"done\"", "End", "closed");
  }

  @Test
  void aReplayedStepIsNotProposedAgain() {
    Attempt attempt = open(Handler.STEPS, Mode.STREAMING);
    start(4);
    input("3");
    server.varint(11, 1).frame(MessageType.RUN);
    completion(MessageType.RUN_COMPLETION, 1, "\"step-result\"");
    server.varint(11, 2).frame(MessageType.RUN);
    assertThat(after(attempt)).containsExactly("ProposeRunCompletion 2");
  }

  @Test
  void withoutAnOpenStreamAStepSuspends() {
    Attempt attempt = open(Handler.STEPS, Mode.REQUEST_RESPONSE);
    start(1);
    input("2");
    assertThat(after(attempt))
        .containsExactly("Run 1", "ProposeRunCompletion 1", "Suspension 1", "closed");
  }

  @Test
  void aWaitingAttemptSuspendsWhenTheServerEndsTheRequest() {
    Attempt attempt = open(Handler.FAN, Mode.STREAMING);
    start(1);
    input("\"x\"");
    assertThat(after(attempt)).containsExactly("Call Echo");
    attempt.requestEnded();
    assertThat(after(attempt)).containsExactly("Suspension 2", "closed");
  }

  @Test
  void aCallAnswersWithTheOtherHandlersAnswer() {
    Attempt attempt = open(Handler.FAN, Mode.REQUEST_RESPONSE);
    start(3);
    input("\"x\"");
    server.varint(10, 1).varint(11, 2).frame(MessageType.CALL);
    completion(MessageType.CALL_COMPLETION, 2, "\"y\"");
    assertThat(after(attempt)).containsExactly("Output \"y\"", "End", "closed");
  }

  @Test
  void theCounterUsesStateThatCameWithTheStart() {
    Attempt attempt = open(Handler.COUNTER_ADD, Mode.STREAMING);
    server.varint(3, 1);
    byte[] entry = stateEntry("count", "41");
    server.bytes(4, stateEntry("other", "7")).bytes(4, entry).frame(MessageType.START);
    input("");
    assertThat(after(attempt))
        .containsExactly("GetEagerState 41", "SetState 42", "Output 42", "End", "closed");
  }

  @Test
  void theCounterAsksForStateThatDidNotCome() {
    Attempt attempt = open(Handler.COUNTER_ADD, Mode.STREAMING);
    server.varint(3, 1).varint(5, 1).frame(MessageType.START);
    input("");
    assertThat(after(attempt)).containsExactly("GetLazyState 1");
    completion(MessageType.GET_LAZY_STATE_COMPLETION, 1, "9");
    assertThat(after(attempt)).containsExactly("SetState 10", "Output 10", "End", "closed");
  }

  @Test
  void aMissingCountIsZero() {
    Attempt attempt = open(Handler.COUNTER_GET, Mode.STREAMING);
    start(1);
    input("");
    assertThat(after(attempt)).containsExactly("GetEagerState", "Output 0", "End", "closed");
  }

  @Test
  void aSleeperSuspendsAtOnce() {
    Attempt attempt = open(Handler.SLEEPER, Mode.STREAMING);
    start(1);
    input("1000");
    assertThat(after(attempt)).hasSize(3).last().isEqualTo("closed");
    assertThat(said).isEmpty();
  }

  @Test
  void theSinkCountsAndHolds() {
    shared.sink().hold();
    Attempt attempt = open(Handler.SINK, Mode.STREAMING);
    start(1);
    input("5");
    assertThat(after(attempt)).isEmpty();
    shared.sink().release();
    assertThat(after(attempt)).containsExactly("Output ", "End", "closed");
    assertThat(shared.toJson()).contains("\"distinct\":1,\"repeated\":0,\"held\":0");
  }

  private Attempt open(Handler handler, Mode mode) {
    return new Attempt(handler, mode, shared, this::hear);
  }

  private void start(int knownEntries) {
    server.varint(3, knownEntries).frame(MessageType.START);
  }

  private void input(String content) {
    server.value(14, content.getBytes(UTF_8)).frame(MessageType.INPUT);
  }

  private void completion(int type, int id, String value) {
    server.varint(1, id).value(5, value.getBytes(UTF_8)).frame(type);
  }

  private static byte[] stateEntry(String key, String value) {
    return dev.reprise.api.protocol.StartMessage.StateEntry.newBuilder()
        .setKey(ByteString.copyFromUtf8(key))
        .setValue(ByteString.copyFromUtf8(value))
        .build()
        .toByteArray();
  }

  /** What the attempt said since the last time, once it got what the server wrote. */
  private List<String> after(Attempt attempt) {
    attempt.data(server.frames());
    server.clear();
    List<String> heard = List.copyOf(said);
    said.clear();
    return heard;
  }

  private void hear(ByteBuf body, boolean last) {
    new MessageAssembler((type, payload) -> said.add(line(type, new Fields(payload)))).feed(body);
    if (last) {
      said.add("closed");
    }
  }

  /** The field that tells one message of its type from another. */
  private static String line(int type, Fields fields) {
    String name = MessageType.nameOf(type);
    while (fields.next()) {
      boolean value = fields.number() == 14 && type != MessageType.PROPOSE_RUN_COMPLETION;
      if (value || (fields.number() == 3 && type == MessageType.SET_STATE)) {
        Fields content = fields.nested();
        return name + " " + (content.next() ? new String(content.bytes(), UTF_8) : "");
      }
      switch (type) {
        case MessageType.CALL -> {
          return name + " " + new String(fields.bytes(), UTF_8);
        }
        case MessageType.SUSPENSION -> {
          return name + " " + fields.bytes()[0];
        }
        case MessageType.PROPOSE_RUN_COMPLETION -> {
          return name + " " + fields.varint();
        }
        default -> {
          if (fields.number() == 11) {
            return name + " " + fields.varint();
          }
        }
      }
    }
    return name;
  }
}
