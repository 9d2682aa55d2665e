package dev.reprise.chaos.workload;

import static dev.reprise.chaos.rig.Eventually.pause;

import dev.reprise.chaos.history.Act;
import dev.reprise.chaos.history.Fate;
import dev.reprise.chaos.history.History;
import dev.reprise.chaos.rig.ClusterDoor;
import dev.reprise.chaos.rig.Doors;
import dev.reprise.chaos.rig.IngressClient.Answer;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.Queue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * One client: does one act at a time, at any node, and writes down what it was told. Belongs to one
 * thread.
 */
public final class Client {
  private static final Set<Status.Code> NO_ANSWER =
      Set.of(Status.Code.UNAVAILABLE, Status.Code.DEADLINE_EXCEEDED, Status.Code.CANCELLED);

  private static final Duration NOBODY_THERE = Duration.ofMillis(50);
  private static final Duration BETWEEN = Duration.ofMillis(20);

  private final Surroundings surroundings;
  private final int number;
  private final SplittableRandom random;

  /**
   * What the clients of a run share.
   *
   * @param request how long an answer is waited for
   * @param surprises answers that a correct request must not get, and requests never answered
   */
  public record Surroundings(
      Doors doors, History history, Weather weather, Duration request, Queue<String> surprises) {
    /** Without surprises yet. */
    public Surroundings(Doors doors, History history, Weather weather, Duration request) {
      this(doors, history, weather, request, new ConcurrentLinkedQueue<>());
    }
  }

  /** What clients know of the storm. Any thread. */
  public interface Weather {
    /** Whether no further act is to be begun. */
    boolean over();

    /** Whether the faults ended so long ago that everything must have been answered. */
    boolean mustBeAnswered();
  }

  private record Reply(Fate fate, String output) {}

  public Client(Surroundings surroundings, int number, SplittableRandom random) {
    this.surroundings = surroundings;
    this.number = number;
    this.random = random;
  }

  public SplittableRandom random() {
    return random;
  }

  Doors doors() {
    return surroundings.doors();
  }

  boolean over() {
    return surroundings.weather().over();
  }

  /** Asks one node, once. */
  Act once(String workload, String key, String verb, String input, Ask ask) {
    long begin = surroundings.history().now();
    int node = random.nextInt(doors().size());
    Reply reply = reply(node, ask);
    if (reply.fate() == Fate.NOT_DONE) {
      pause(NOBODY_THERE);
    }
    return add(workload, key, node, verb, input, reply, begin);
  }

  /**
   * Asks until it is answered, by any node: one act, as long as that took. For requests that may be
   * repeated.
   */
  Act untilDone(String workload, String key, String verb, String input, Ask ask) {
    long begin = surroundings.history().now();
    boolean maybe = false;
    while (true) {
      boolean last = surroundings.weather().mustBeAnswered();
      int node = random.nextInt(doors().size());
      Reply reply = reply(node, ask);
      maybe |= reply.fate() == Fate.UNKNOWN;
      if (reply.fate() == Fate.DONE) {
        return add(workload, key, node, verb, input, reply, begin);
      }
      if (last) {
        surroundings
            .surprises()
            .add("%s of %s %s: never answered %s".formatted(verb, workload, key, ask.path()));
        Reply given = new Reply(maybe ? Fate.UNKNOWN : Fate.NOT_DONE, "");
        return add(workload, key, node, verb, input, given, begin);
      }
      pause(reply.fate() == Fate.NOT_DONE ? NOBODY_THERE : BETWEEN);
    }
  }

  /** Asks one node something over gRPC that changes nothing, once. */
  Act look(String workload, String key, String verb, BiFunction<ClusterDoor, Duration, String> it) {
    long begin = surroundings.history().now();
    int node = random.nextInt(doors().size());
    Reply reply;
    try {
      reply = new Reply(Fate.DONE, it.apply(doors().grpc(node), surroundings.request()));
    } catch (StatusRuntimeException e) {
      if (!NO_ANSWER.contains(e.getStatus().getCode()) && !wasCutOff(e)) {
        surroundings.surprises().add("%s of %s at node %d: %s".formatted(verb, key, node, e));
      }
      reply = new Reply(Fate.UNKNOWN, "");
      pause(NOBODY_THERE);
    }
    return add(workload, key, node, verb, "", reply, begin);
  }

  /** Whether our own library says that the connection is gone: a server's status has no cause. */
  private static boolean wasCutOff(StatusRuntimeException e) {
    return e.getStatus().getCause() instanceof ClosedChannelException;
  }

  /** Writes down what follows from another act. */
  void also(Act act, String key, String verb, String input) {
    surroundings
        .history()
        .add(
            new Act(
                act.workload(),
                key,
                number,
                act.node(),
                verb,
                input,
                act.fate(),
                "",
                act.begin(),
                act.end()));
  }

  private Act add(
      String workload, String key, int node, String verb, String input, Reply reply, long begin) {
    Act act =
        new Act(
            workload,
            key,
            number,
            node,
            verb,
            input,
            reply.fate(),
            reply.output(),
            begin,
            surroundings.history().now());
    surroundings.history().add(act);
    return act;
  }

  private Reply reply(int node, Ask ask) {
    try {
      Answer answer = ask.to(doors().ingress(node), surroundings.request());
      if (answer.status() == 503) {
        boolean unknown = answer.text().contains("outcome-unknown");
        return new Reply(unknown ? Fate.UNKNOWN : Fate.NOT_DONE, "");
      }
      @Nullable String output = ask.meaning().apply(answer);
      if (output != null) {
        return new Reply(Fate.DONE, output);
      }
      surroundings
          .surprises()
          .add("%s at node %d was answered %s".formatted(ask.path(), node, answer));
      return new Reply(Fate.UNKNOWN, "");
    } catch (ConnectException | HttpConnectTimeoutException e) {
      return new Reply(Fate.NOT_DONE, "");
    } catch (IOException e) {
      return new Reply(Fate.UNKNOWN, "");
    }
  }
}
