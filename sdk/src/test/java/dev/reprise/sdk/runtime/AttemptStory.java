package dev.reprise.sdk.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.reprise.api.MessageType;
import dev.reprise.api.protocol.StartMessage;
import dev.reprise.sdk.AfterFailure;
import dev.reprise.sdk.Serde;
import dev.reprise.sdk.core.ProtocolMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** One attempt of a real handler on its own thread, over a transport in memory. */
final class AttemptStory implements Transport {
  private static final long DEADLINE_SECONDS = 10;

  private final Attempt attempt;
  private final List<ProtocolMessage> replay = new ArrayList<>();
  private final StartMessage.Builder start =
      StartMessage.newBuilder()
          .setId(ByteString.copyFromUtf8("0123456789abcdef01234567"))
          .setDebugId("inv_1")
          .setKey("Ada");
  private final LinkedBlockingQueue<ProtocolMessage> sent = new LinkedBlockingQueue<>();
  private final CountDownLatch ended = new CountDownLatch(1);
  private final Services services;

  private AttemptStory(int version, Object instance, String handler, long maxReplayBytes) {
    ServiceDefinition service = ServiceReader.read(instance);
    services = new Services(List.of(service), Serde.json(), maxReplayBytes, 1, AfterFailure.RETRY);
    attempt = services.prepare(service.name(), handler, version, this).orElseThrow();
  }

  static AttemptStory of(Object instance, String handler) {
    return ofVersion(6, instance, handler);
  }

  static AttemptStory ofVersion(int version, Object instance, String handler) {
    return new AttemptStory(version, instance, handler, 1024 * 1024);
  }

  static AttemptStory bounded(Object instance, String handler, long maxReplayBytes) {
    return new AttemptStory(6, instance, handler, maxReplayBytes);
  }

  AttemptStory replays(ProtocolMessage... entries) {
    replay.addAll(List.of(entries));
    return this;
  }

  AttemptStory retried(int times, long millis) {
    start.setRetryCountSinceLastStoredEntry(times).setDurationSinceLastStoredEntry(millis);
    return this;
  }

  AttemptStory in(String scope, String limitKey) {
    start.setScope(scope).setLimitKey(limitKey);
    return this;
  }

  AttemptStory begin() {
    attempt.start();
    says(new ProtocolMessage(MessageType.START, start.setKnownEntries(replay.size()).build()));
    replay.forEach(this::says);
    return this;
  }

  AttemptStory says(ProtocolMessage message) {
    attempt.receive(message.type(), message.body().toByteString());
    return this;
  }

  AttemptStory requestEnds() {
    attempt.inputEnded();
    return this;
  }

  Attempt attempt() {
    return attempt;
  }

  Services services() {
    return services;
  }

  /** The next messages are exactly these. */
  AttemptStory writes(ProtocolMessage... expected) {
    for (ProtocolMessage message : expected) {
      assertThat(next()).isEqualTo(message);
    }
    return this;
  }

  ProtocolMessage next() {
    try {
      ProtocolMessage message = sent.poll(DEADLINE_SECONDS, TimeUnit.SECONDS);
      assertThat(message).as("a message within %d seconds", DEADLINE_SECONDS).isNotNull();
      return message;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** The response ends, and nothing more was written. */
  void ends() {
    try {
      assertThat(ended.await(DEADLINE_SECONDS, TimeUnit.SECONDS)).as("the response ends").isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    assertThat(sent).isEmpty();
  }

  @Override
  public void send(List<ProtocolMessage> messages) {
    sent.addAll(messages);
  }

  @Override
  public void consumed(int bytes) {}

  @Override
  public void end() {
    ended.countDown();
  }
}
