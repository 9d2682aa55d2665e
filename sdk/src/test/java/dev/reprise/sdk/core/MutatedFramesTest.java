package dev.reprise.sdk.core;

import static dev.reprise.sdk.core.Others.getPromise;
import static dev.reprise.sdk.core.Told.callDone;
import static dev.reprise.sdk.core.Told.called;
import static dev.reprise.sdk.core.Told.cancelled;
import static dev.reprise.sdk.core.Told.namedSignal;
import static dev.reprise.sdk.core.Told.runDone;
import static dev.reprise.sdk.core.Wire.call;
import static dev.reprise.sdk.core.Wire.input;
import static dev.reprise.sdk.core.Wire.run;
import static dev.reprise.sdk.core.Wire.sleep;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.reprise.api.MessageType;
import dev.reprise.api.protocol.ErrorMessage;
import dev.reprise.api.protocol.StartMessage;
import dev.reprise.sdk.core.Awaitable.Combined;
import dev.reprise.sdk.core.Awaitable.Rule;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A journal whose frames were damaged on the way: swapped, dropped, repeated, of another type, with
 * other bytes. Whatever comes, the attempt goes on or ends as broken with an error of the protocol;
 * nothing else is thrown, and after the end nothing is written.
 */
@Timeout(60)
class MutatedFramesTest {
  private static final int STORIES = 20_000;

  private record Frame(int type, ByteString payload) {}

  private static List<Frame> frames() {
    var start = StartMessage.newBuilder().setId(ByteString.copyFromUtf8("i")).setKnownEntries(8);
    var frames = new ArrayList<Frame>();
    frames.add(new Frame(MessageType.START, start.build().toByteString()));
    for (ProtocolMessage message :
        List.of(
            input("in"),
            run(1, "pick"),
            runDone(1, "7"),
            sleep(2, "nap", 5),
            call(4, "greeter", "greet", "x"),
            called(3, "inv_child"),
            getPromise(5, "p"),
            namedSignal("go", "now"),
            callDone(4, "hi"),
            Wire.ack(6),
            cancelled())) {
      frames.add(new Frame(message.type(), message.body().toByteString()));
    }
    return frames;
  }

  @Test
  void damagedFramesEndTheAttemptAndNothingElse() {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    var random = new SplittableRandom(seed);
    for (int i = 0; i < STORIES; i++) {
      List<Frame> frames = frames();
      int damages = 1 + random.nextInt(3);
      for (int damage = 0; damage < damages; damage++) {
        damage(frames, random);
      }
      int version = 5 + random.nextInt(3);
      try {
        attempt(frames, version, random.nextBoolean());
      } catch (RuntimeException | Error e) {
        throw new AssertionError(
            "seed %d, story %d, version %d: %s".formatted(seed, i, version, frames), e);
      }
    }
  }

  private static void damage(List<Frame> frames, SplittableRandom random) {
    int at = random.nextInt(frames.size());
    Frame frame = frames.get(at);
    switch (random.nextInt(5)) {
      case 0 -> frames.add(random.nextInt(frames.size()), frame);
      case 1 -> frames.set(at, frames.get(random.nextInt(frames.size())));
      case 2 -> frames.set(at, new Frame(random.nextInt(0x10000), frame.payload()));
      case 3 -> frames.set(at, new Frame(frame.type(), otherBytes(frame.payload(), random)));
      default -> {
        if (frames.size() > 1) {
          frames.remove(at);
        }
      }
    }
  }

  private static ByteString otherBytes(ByteString payload, SplittableRandom random) {
    byte[] bytes = payload.toByteArray();
    if (bytes.length == 0 || random.nextInt(4) == 0) {
      byte[] any = new byte[random.nextInt(12)];
      random.nextBytes(any);
      return ByteString.copyFrom(any);
    }
    bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
    return ByteString.copyFrom(bytes, 0, 1 + random.nextInt(bytes.length));
  }

  private static void attempt(List<Frame> frames, int version, boolean requestEnds) {
    var machine = new ReplayMachine(MachineOptions.of(version), InstantSource.fixed(Story.NOW));
    try {
      for (Frame frame : frames) {
        machine.receive(frame.type(), frame.payload());
      }
      if (requestEnds) {
        machine.inputClosed();
      }
      if (machine.isReady()) {
        handle(machine);
      }
    } catch (AttemptEnded e) {
      assertThat(machine.isClosed()).isTrue();
    }
    List<ProtocolMessage> written = machine.takeOutput();
    if (machine.isClosed()) {
      int last = written.getLast().type();
      assertThat(last).isIn(MessageType.END, MessageType.SUSPENSION, MessageType.ERROR);
      if (written.getLast().body() instanceof ErrorMessage error) {
        assertThat(error.getCode()).isIn(570, 571);
      }
      machine.receive(MessageType.SIGNAL, ByteString.EMPTY);
      assertThat(machine.takeOutput()).as("after the end").isEmpty();
    }
  }

  private static void handle(ReplayMachine machine) {
    Commands ask = machine.commands();
    Commands.Run picked = ask.run("pick");
    if (machine.startRuns().contains(picked.id())) {
      ask.proposeRunSuccess(picked.id(), ByteString.EMPTY);
    }
    Awaitable.Single nap = ask.sleep("nap", Duration.ofSeconds(1));
    var called =
        ask.invocations()
            .call(
                InvocationCommands.Callee.of("greeter", "", "greet"), ByteString.copyFromUtf8("x"));
    Awaitable.Single promise = ask.promises().get("p");
    var race =
        new Combined(
            Rule.FIRST_COMPLETED,
            List.of(
                nap,
                new Combined(
                    Rule.ALL_COMPLETED,
                    List.of(called.result(), picked.result(), ask.signals().named("go"))),
                promise));
    switch (machine.progress(race)) {
      case RESOLVED, CANCELLED -> ask.succeed(ByteString.EMPTY);
      case BLOCKED, SUSPENDED -> {}
    }
  }
}
