package dev.reprise.cluster.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.storage.model.Bytes;
import dev.reprise.storage.model.ObjectId;
import dev.reprise.storage.model.Outcome;
import dev.reprise.storage.model.RequestId;
import dev.reprise.storage.model.SignalId;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What each client was told, compared with a plain model: a few maps of what is open, what is
 * decided and by whom. A failure names its seed.
 */
@Timeout(120)
class ToldPropertiesTest {
  private static final int SEEDS = 60;
  private static final int LENGTH = 80;

  private enum Stage {
    SCHEDULED,
    RUNNING,
    PAUSING,
    PAUSED,
    ENDED
  }

  /** One run: the partition, and what it should answer. */
  private static final class Run {
    private final SplittableRandom random;
    private final PartitionStory partition = new PartitionStory();
    private final Map<String, Stage> stages = new HashMap<>();
    private final Map<String, Long> awakeables = new HashMap<>();
    private final Map<String, Long> promises = new HashMap<>();
    private long requests;
    private int ordinal;

    Run(long seed) {
      this.random = new SplittableRandom(seed);
    }

    void step() {
      String name = "i" + random.nextInt(4);
      switch (random.nextInt(12)) {
        case 0, 1 -> create(name);
        case 2, 3 -> complete(name);
        case 4, 5 -> decide("p" + random.nextInt(3));
        case 6 -> cancel(name);
        case 7 -> kill(name);
        case 8 -> pause(name);
        case 9 -> resume(name);
        case 10 -> purge(name);
        default -> leave(name);
      }
      if (random.nextInt(10) == 0) {
        partition.anotherLeads();
        ordinal = 0;
      }
      stages.forEach(this::agrees);
    }

    private void agrees(String name, Stage stage) {
      String expected =
          switch (stage) {
            case SCHEDULED -> "scheduled";
            case RUNNING -> "invoked";
            case PAUSING -> "pausing";
            case PAUSED -> "paused";
            case ENDED -> "ended";
          };
      assertThat(partition.statusOf(name)).as(name).isEqualTo(expected);
    }

    private long request() {
      return requests > 0 && random.nextInt(3) == 0 ? 1 + random.nextLong(requests) : ++requests;
    }

    private void create(String name) {
      Stage before = stages.get(name);
      boolean scheduled = random.nextInt(3) == 0;
      Asked asked = Asked.plain(name).kept(Duration.ofDays(1), Duration.ofDays(1));
      asked = asked.request(1_000 + ++requests);
      partition.when(scheduled ? asked.startAt(partition.nowMillis() + 1_000) : asked);
      if (before == null) {
        partition.answers("created");
        stages.put(name, scheduled ? Stage.SCHEDULED : Stage.RUNNING);
      } else if (before != Stage.ENDED) {
        partition.answers("open");
      }
    }

    /** An awakeable takes one value, and tells the same to the same request. */
    private void complete(String name) {
      long request = request();
      Stage stage = stages.get(name);
      Long decided = awakeables.get(name);
      partition.when(
          new Command.SendSignal(
              Asked.id(name),
              Says.of(new SignalId.Index(17), "v" + request),
              new RequestId(0, request)));
      if (stage == null) {
        partition.answers("rejected NOT_FOUND");
      } else if (stage == Stage.ENDED) {
        partition.answers("rejected COMPLETED");
      } else if (decided == null) {
        partition.answers("done");
        awakeables.put(name, request);
      } else {
        partition.answers(decided == request ? "done" : "rejected DECIDED");
      }
    }

    private void decide(String promise) {
      long request = request();
      Long decided = promises.putIfAbsent(promise, request);
      partition.when(
          new Command.CompletePromise(
              new ObjectId("Signup", "ada"),
              promise,
              new Outcome.Success(Bytes.utf8("v" + request)),
              new RequestId(0, request)));
      boolean mine = decided == null || decided == request;
      partition.answers(mine ? "done" : "rejected DECIDED");
    }

    private void cancel(String name) {
      partition.when(new Command.Cancel(Asked.id(name), new RequestId(1, ++requests)));
      switch (stages.get(name)) {
        case SCHEDULED -> ends(name, "done");
        case RUNNING -> partition.answers("requested");
        case PAUSING, PAUSED -> {
          partition.answers("requested");
          stages.put(name, Stage.RUNNING);
        }
        case ENDED -> partition.answers("rejected COMPLETED");
        case null -> partition.answers("rejected NOT_FOUND");
      }
    }

    private void ends(String name, String answer) {
      partition.answers(answer);
      stages.put(name, Stage.ENDED);
      awakeables.remove(name);
    }

    private void kill(String name) {
      partition.when(new Command.Kill(Asked.id(name)));
      switch (stages.get(name)) {
        case SCHEDULED, RUNNING, PAUSING, PAUSED -> ends(name, "done");
        case ENDED -> partition.answers("rejected COMPLETED");
        case null -> partition.answers("rejected NOT_FOUND");
      }
    }

    private void pause(String name) {
      partition.when(new Command.Pause(Asked.id(name)));
      switch (stages.get(name)) {
        case SCHEDULED -> partition.answers("rejected NOT_STARTED");
        case RUNNING, PAUSING -> {
          partition.answers("requested");
          stages.put(name, Stage.PAUSING);
        }
        case PAUSED -> partition.answers("done");
        case ENDED -> partition.answers("rejected COMPLETED");
        case null -> partition.answers("rejected NOT_FOUND");
      }
    }

    private void resume(String name) {
      partition.when(new Command.Resume(Asked.id(name), null));
      switch (stages.get(name)) {
        case SCHEDULED -> partition.answers("rejected NOT_STARTED");
        case RUNNING, PAUSING, PAUSED -> {
          partition.answers("done");
          stages.put(name, Stage.RUNNING);
        }
        case ENDED -> partition.answers("rejected COMPLETED");
        case null -> partition.answers("rejected NOT_FOUND");
      }
    }

    private void purge(String name) {
      partition.when(new Command.Purge(Asked.id(name)));
      switch (stages.get(name)) {
        case SCHEDULED -> partition.answers("rejected NOT_STARTED");
        case RUNNING, PAUSING, PAUSED -> partition.answers("rejected NOT_COMPLETED");
        case ENDED -> {
          partition.answers("done");
          stages.remove(name);
        }
        case null -> partition.answers("rejected NOT_FOUND");
      }
    }

    /** The attempt ends, or would suspend. */
    private void leave(String name) {
      Stage stage = stages.get(name);
      boolean runs = stage == Stage.RUNNING || stage == Stage.PAUSING;
      ordinal += 2;
      if (random.nextBoolean()) {
        partition.when(partition.says(name, ordinal, Says.output("x"), Says.end()));
        if (runs) {
          ends(name, "done");
          partition.emits("ended " + name + " x");
        } else {
          partition.answers("stale").emitsNothing();
        }
      } else if (stage == Stage.PAUSING) {
        partition.when(partition.says(name, ordinal, Says.suspendedOn(new SignalId.Index(99))));
        partition.answers("done").emitsNothing();
        stages.put(name, Stage.PAUSED);
      }
    }
  }

  @Test
  void whatClientsAreToldIsWhatThePlainModelSays() {
    for (long seed = 1; seed <= SEEDS; seed++) {
      try {
        Run run = new Run(seed);
        for (int i = 0; i < LENGTH; i++) {
          run.step();
        }
      } catch (AssertionError e) {
        throw new AssertionError("in seed " + seed + ": " + e.getMessage(), e);
      }
    }
  }
}
