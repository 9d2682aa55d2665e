package dev.reprise.sdk.core;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.reprise.api.MessageType;
import dev.reprise.api.protocol.CallCommandMessage;
import dev.reprise.api.protocol.GetPromiseCommandMessage;
import dev.reprise.api.protocol.ProposeRunCompletionMessage;
import dev.reprise.api.protocol.SleepCommandMessage;
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
 * A handler that waits for random combinations of random things executes once from begin to end.
 * Then it is broken off after every entry of its journal and replayed: each time it must ask for
 * the same things and come to the same decisions, whatever had arrived by then.
 */
@Timeout(120)
class ReplayAnywhereTest {
  private static final int STORIES = 300;
  private static final List<Rule> RULES = List.of(Rule.values());

  /**
   * An entry of the journal, and how the server tells it while the attempt lasts: the result of a
   * run as an acknowledgement in version 7.
   */
  private record Entry(ProtocolMessage stored, ProtocolMessage live) {
    static Entry of(ProtocolMessage message) {
      return new Entry(message, message);
    }

    boolean isCommand() {
      return MessageType.isCommand(stored.type());
    }
  }

  @Test
  void aReplayFromAnyPointComesToTheSameDecisions() {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    int cancelled = 0;
    for (int story = 0; story < STORIES; story++) {
      int version = 5 + story % 3;
      try {
        List<Entry> journal = new FirstRun(seed + story, version).play();
        for (int known = 1; known <= journal.size(); known++) {
          new Replay(seed + story, version, journal, known).play();
        }
        cancelled +=
            (int) journal.stream().filter(it -> it.stored().equals(Told.cancelled())).count();
      } catch (RuntimeException | Error e) {
        throw new AssertionError(
            "seed %d, story %d, version %d".formatted(seed, story, version), e);
      }
    }
    assertThat(cancelled).as("some stories are cancelled").isPositive();
  }

  /** The handler: what it does follows from the seed and from what it is answered. */
  private abstract static class Attempt {
    final ReplayMachine machine;
    final int version;
    private final SplittableRandom choice;
    private final List<Awaitable> leaves = new ArrayList<>();
    private int nextAwakeable = 17;

    Attempt(long seed, int version) {
      this.version = version;
      this.choice = new SplittableRandom(seed);
      this.machine = new ReplayMachine(MachineOptions.of(version), InstantSource.fixed(Story.NOW));
    }

    /** Takes what was written and feeds what the server says next. */
    abstract void exchange();

    void signalIsAwaited(ProtocolMessage signal) {}

    void begin(List<ProtocolMessage> journal) {
      var start = StartMessage.newBuilder().setId(Story.ID).setKnownEntries(journal.size());
      feed(new ProtocolMessage(MessageType.START, start.build()));
      journal.forEach(this::feed);
    }

    void feed(ProtocolMessage message) {
      machine.receive(message.type(), message.body().toByteString());
    }

    void handle() {
      var told = new StringBuilder();
      int steps = 3 + choice.nextInt(8);
      for (int step = 0; step < steps; step++) {
        if (leaves.isEmpty() || choice.nextInt(3) > 0) {
          leaves.add(leaf());
        } else {
          Awaitable tree = tree(3);
          told.append(await(tree) ? outcome(tree) : "cancelled").append(' ');
        }
      }
      machine.commands().succeed(ByteString.copyFromUtf8(told.toString()));
    }

    private Awaitable leaf() {
      Commands ask = machine.commands();
      String name = "n" + leaves.size();
      return switch (choice.nextInt(6)) {
        case 0 -> ask.sleep(name, Duration.ofSeconds(choice.nextInt(9)));
        case 1 -> ask.run(name).result();
        case 2 ->
            ask.invocations()
                .call(InvocationCommands.Callee.of("s", "", name), ByteString.EMPTY)
                .result();
        case 3 -> ask.promises().get(name);
        case 4 -> {
          signalIsAwaited(Told.namedSignal(name, name));
          yield ask.signals().named(name);
        }
        default -> {
          var awakeable = ask.signals().awakeable();
          signalIsAwaited(Told.signal(nextAwakeable++, name));
          yield awakeable.result();
        }
      };
    }

    private Awaitable tree(int depth) {
      if (depth == 0 || choice.nextInt(3) == 0) {
        return leaves.get(choice.nextInt(leaves.size()));
      }
      var children = new ArrayList<Awaitable>();
      int count = 1 + choice.nextInt(3);
      for (int i = 0; i < count; i++) {
        children.add(tree(depth - 1));
      }
      return new Combined(RULES.get(choice.nextInt(RULES.size())), children);
    }

    private static String outcome(Awaitable tree) {
      return switch (tree) {
        case Combined combined -> combined.decidedBy() + (combined.failed() ? "f" : "s");
        case Awaitable.Single single ->
            single.result() instanceof NotificationResult.Success success
                ? success.value().toStringUtf8()
                : single.result().toString();
      };
    }

    private boolean await(Awaitable tree) {
      while (true) {
        for (int run : machine.startRuns()) {
          machine.commands().proposeRunSuccess(run, ByteString.copyFromUtf8("r" + run));
        }
        switch (machine.progress(tree)) {
          case RESOLVED -> {
            return true;
          }
          case CANCELLED -> {
            return false;
          }
          case BLOCKED -> exchange();
          case SUSPENDED -> throw new AssertionError("the request is open");
        }
      }
    }
  }

  /** The server of the first execution answers in any order, and keeps the journal. */
  private static final class FirstRun extends Attempt {
    private final SplittableRandom world;
    private final List<Entry> journal = new ArrayList<>();
    private final List<Entry> pending = new ArrayList<>();

    FirstRun(long seed, int version) {
      super(seed, version);
      world = new SplittableRandom(~seed);
      if (world.nextInt(3) == 0) {
        pending.add(Entry.of(Told.cancelled()));
      }
    }

    List<Entry> play() {
      journal.add(Entry.of(Wire.input("")));
      begin(List.of(Wire.input("")));
      handle();
      store();
      return journal;
    }

    @Override
    void signalIsAwaited(ProtocolMessage signal) {
      pending.add(Entry.of(signal));
    }

    private void store() {
      for (ProtocolMessage message : machine.takeOutput()) {
        if (MessageType.isCommand(message.type())) {
          journal.add(Entry.of(message));
        }
        answers(message);
      }
    }

    private void answers(ProtocolMessage message) {
      switch (message.body()) {
        case SleepCommandMessage sleep ->
            pending.add(Entry.of(Told.sleepDone(sleep.getResultCompletionId())));
        case CallCommandMessage call -> {
          int id = call.getResultCompletionId();
          pending.add(Entry.of(Told.called(id - 1, "inv_" + id)));
          pending.add(Entry.of(valueOrFailure(MessageType.CALL_COMPLETION, id)));
        }
        case GetPromiseCommandMessage get ->
            pending.add(
                Entry.of(
                    valueOrFailure(
                        MessageType.GET_PROMISE_COMPLETION, get.getResultCompletionId())));
        case ProposeRunCompletionMessage run -> {
          int id = run.getResultCompletionId();
          ProtocolMessage stored = Told.runDone(id, run.getValue().toStringUtf8());
          pending.add(new Entry(stored, version < 7 ? stored : Wire.ack(id)));
        }
        default -> {}
      }
    }

    private ProtocolMessage valueOrFailure(int type, int id) {
      return world.nextBoolean()
          ? Told.done(type, id, "v" + id)
          : Told.doneFailed(type, id, 500 + id, "f" + id);
    }

    @Override
    void exchange() {
      store();
      assertThat(pending).as("something to wait for").isNotEmpty();
      Entry next = pending.remove(world.nextInt(pending.size()));
      journal.add(next);
      feed(next.live());
    }
  }

  /** The server of a later execution replays the beginning and tells the rest as it was. */
  private static final class Replay extends Attempt {
    private final List<Entry> journal;
    private int at;

    Replay(long seed, int version, List<Entry> journal, int known) {
      super(seed, version);
      this.journal = journal;
      this.at = known;
    }

    void play() {
      begin(journal.subList(0, at).stream().map(Entry::stored).toList());
      handle();
      checkCommands();
      assertThat(at).as("the whole journal was told again").isEqualTo(journal.size());
    }

    private void checkCommands() {
      for (ProtocolMessage message : machine.takeOutput()) {
        if (MessageType.isCommand(message.type())) {
          assertThat(message).isEqualTo(journal.get(at).stored());
          at++;
        }
      }
    }

    @Override
    void exchange() {
      checkCommands();
      assertThat(journal.get(at).isCommand()).as("a notification is next").isFalse();
      feed(journal.get(at++).live());
    }
  }
}
