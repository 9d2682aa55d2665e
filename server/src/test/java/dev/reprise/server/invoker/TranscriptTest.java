package dev.reprise.server.invoker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.api.MessageFraming;
import dev.reprise.api.MessageType;
import dev.reprise.api.protocol.StartMessage;
import dev.reprise.cluster.metadata.Deployment.ProtocolMode;
import dev.reprise.cluster.metadata.ServiceOptions;
import dev.reprise.cluster.partition.Ingress;
import dev.reprise.server.endpoint.ScriptedEndpoint;
import dev.reprise.storage.model.NewInvocation;
import dev.reprise.storage.model.Outcome;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every transcript of the protocol, byte for byte, with a real partition, log and endpoint. To keep
 * what the server says now: {@code -Dreprise.transcripts.record=true}; then read the difference.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Answers are asserted where they matter.
class TranscriptTest {
  private static final boolean RECORD = Boolean.getBoolean("reprise.transcripts.record");
  private static final long SEED = 7;

  @TempDir Path directory;

  static List<String> transcripts() throws IOException {
    try (Stream<Path> files = Files.list(Transcript.DIRECTORY)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  /** Plays the endpoint's side, and compares the server's. */
  private static final class Play implements ScriptedEndpoint.Script {
    private final Transcript transcript;
    private final List<Transcript.Exchange> left;
    private final CompletableFuture<Void> over = new CompletableFuture<>();
    private volatile @Nullable PartitionWorld world;

    Play(Transcript transcript) {
      this.transcript = transcript;
      this.left = new ArrayList<>(transcript.exchanges());
    }

    @Override
    public void play(ScriptedEndpoint.Peer peer) throws Exception {
      try {
        Transcript.Exchange exchange = next(peer.path());
        peer.head(200, "content-type", String.valueOf(peer.header("content-type")));
        for (Transcript.Step step : exchange.steps()) {
          play(peer, step);
        }
      } catch (Exception | AssertionError e) {
        over.completeExceptionally(e);
        throw e;
      }
    }

    private synchronized Transcript.Exchange next(String path) {
      for (Iterator<Transcript.Exchange> it = left.iterator(); it.hasNext(); ) {
        Transcript.Exchange each = it.next();
        if (each.path().equals(path)) {
          it.remove();
          return each;
        }
      }
      throw new AssertionError("Expected no further attempt of " + path);
    }

    synchronized int left() {
      return left.size();
    }

    private void play(ScriptedEndpoint.Peer peer, Transcript.Step step) throws Exception {
      switch (step) {
        case Transcript.Step.Told told -> told(told, read(peer));
        case Transcript.Step.Said said -> peer.send(said.frame());
        case Transcript.Step.RequestEnds end ->
            assertThat(peer.read(MessageFraming.HEADER_BYTES)).isEmpty();
        case Transcript.Step.ResponseEnds end -> peer.end();
        case Transcript.Step.Calls calls -> call(calls.call());
      }
    }

    private void call(Transcript.Call call) {
      PartitionWorld in = Objects.requireNonNull(world);
      in.call(invocation(in, call));
    }

    private void told(Transcript.Step.Told expected, byte[] got) throws Exception {
      assertThat(got).as("a frame of the server: " + expected.name()).isNotEmpty();
      byte[] comparable = withoutDuration(got);
      if (RECORD) {
        transcript.record(expected.line(), comparable);
        return;
      }
      assertThat(Transcript.line(comparable)).isEqualTo(Transcript.line(expected.frame()));
    }

    private static byte[] read(ScriptedEndpoint.Peer peer) throws Exception {
      byte[] header = peer.read(MessageFraming.HEADER_BYTES);
      if (header.length == 0) {
        return header;
      }
      long length = MessageFraming.length(ByteBuffer.wrap(header).getLong());
      return ScriptedHandler.join(header, peer.read(Math.toIntExact(length)));
    }

    private static byte[] withoutDuration(byte[] frame) throws Exception {
      ByteBuffer bytes = ByteBuffer.wrap(frame);
      if (MessageFraming.type(bytes.getLong()) != MessageType.START) {
        return frame;
      }
      StartMessage start = StartMessage.parseFrom(bytes);
      return ScriptedHandler.bytes(
          MessageType.START, start.toBuilder().clearDurationSinceLastStoredEntry().build());
    }
  }

  private static NewInvocation invocation(PartitionWorld world, Transcript.Call call) {
    return world.invocation(call.service(), call.handler(), call.key(), call.input());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("transcripts")
  void theServerSaysWhatTheTranscriptSays(String name) throws Exception {
    Transcript transcript = new Transcript(Transcript.DIRECTORY.resolve(name));
    Play play = new Play(transcript);
    InvokerOptions options =
        InvokerOptions.DEFAULTS
            .withProtocolVersion(7)
            .withServiceDefaults(InvokerWorld.IMPATIENT.over(ServiceOptions.DEFAULTS));
    try (ScriptedEndpoint endpoint = new ScriptedEndpoint(play);
        PartitionWorld world = new PartitionWorld(directory, options, SEED)) {
      play.world = world;
      ProtocolMode mode =
          transcript.bidirectional() ? ProtocolMode.BIDI_STREAM : ProtocolMode.REQUEST_RESPONSE;
      world.knowing(
          InvokerWorld.registry(
              1, endpoint.uri(), mode, transcript.version(), ServiceOptions.SILENT));
      CompletableFuture<Ingress.Answer> answer = world.call(invocation(world, transcript.call()));
      CompletableFuture.anyOf(answer, play.over)
          .get(InvokerWorld.DEADLINE_SECONDS, TimeUnit.SECONDS);
      InvokerWorld.await("all attempts are made", () -> play.left() == 0);
      InvokerWorld.await("memory given back", () -> world.memory().used() == 0);
      if (RECORD) {
        transcript.save();
      }
      assertThat(endpoint.mishaps()).isEmpty();
      assertThat(text(answer.get(InvokerWorld.DEADLINE_SECONDS, TimeUnit.SECONDS)))
          .isEqualTo(transcript.answer());
    }
  }

  private static String text(Ingress.Answer answer) {
    if (!(answer instanceof Ingress.Answer.Ended ended)) {
      return String.valueOf(answer);
    }
    return switch (ended.completed().outcome()) {
      case Outcome.Success success -> ("success " + success.value().toUtf8()).stripTrailing();
      case Outcome.Failure failure -> "failure " + failure.code() + " " + failure.message();
    };
  }
}
