package dev.reprise.cluster.simulation;

import dev.reprise.cluster.engine.Command;
import dev.reprise.cluster.log.simulated.SimulatedTime;
import dev.reprise.storage.model.Completed;
import dev.reprise.storage.model.Invocation;
import dev.reprise.storage.model.InvocationId;
import dev.reprise.storage.model.NewInvocation;
import dev.reprise.storage.model.Outcome;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Every life of every invocation that the logs have made: who asked for it, and how it ended. */
final class Lives {
  /** One life of an id. */
  record Life(InvocationId id, long incarnation) {}

  /** What was asked for. */
  record Birth(NewInvocation asked, long atMillis) {}

  private final SideEffects effects;
  private final SimulatedTime time;
  private final Map<Life, Birth> births = new HashMap<>();
  private final Map<Life, Outcome> outcomes = new HashMap<>();
  private final Map<InvocationId, Life> youngest = new HashMap<>();
  private final Set<List<Long>> requests = new HashSet<>();
  private final Set<Life> open = new HashSet<>();

  Lives(SideEffects effects, SimulatedTime time) {
    this.effects = effects;
    this.time = time;
  }

  void born(NewInvocation asked, long incarnation) {
    Life life = new Life(asked.id(), incarnation);
    if (births.put(life, new Birth(asked, time.nowMillis())) != null) {
      throw new AssertionError("Expected a new life, but there was one: " + life);
    }
    if (!requests.add(List.of(asked.requestHigh(), asked.requestLow()))) {
      throw new AssertionError("⑥ Expected a request to run once, but it ran twice: " + life);
    }
    youngest.put(asked.id(), life);
    open.add(life);
  }

  /** What a restart asks for: what was asked for once, under another id. */
  NewInvocation restarted(Command.Restart restart, Invocation made) {
    Life old =
        births.keySet().stream()
            .filter(it -> it.id().equals(restart.id()))
            .max(Comparator.comparingLong(Life::incarnation))
            .orElseThrow();
    NewInvocation asked = birthOf(old).asked();
    return new NewInvocation(
        made.id(),
        asked.target(),
        restart.request().high(),
        restart.request().low(),
        "",
        asked.input(),
        0,
        asked.retention(),
        0,
        null);
  }

  void ended(Completed completed) {
    Life life = new Life(completed.id(), completed.creation().incarnation());
    if (!open.remove(life)) {
      throw new AssertionError("④ Expected one end, but there was another: " + life);
    }
    outcomes.put(life, completed.outcome());
    Birth birth = birthOf(life);
    String handler = completed.target().handler();
    String input = birth.asked().input().toUtf8();
    if (completed.outcome() instanceof Outcome.Success success) {
      String complaint = Handlers.complaint(handler, input, success.value().toUtf8(), effects);
      if (!complaint.isEmpty()) {
        throw new AssertionError("⑫ " + handler + ": " + complaint);
      }
    } else if (!handler.equals("fail") && !isExpected(completed)) {
      throw new AssertionError("⑫ Expected " + handler + " to succeed, but " + completed.outcome());
    }
  }

  private Birth birthOf(Life life) {
    Birth birth = births.get(life);
    if (birth == null) {
      throw new AssertionError("④ Expected to know of every life, but not of " + life);
    }
    return birth;
  }

  /** A workflow ran before, or somebody cancelled or killed it; who attached may be too late. */
  private static boolean isExpected(Completed completed) {
    int code = completed.outcome() instanceof Outcome.Failure failure ? failure.code() : 0;
    String handler = completed.target().handler();
    return switch (code) {
      case 409 -> handler.equals("run") || Handlers.mayBeStopped(handler);
      case 404 -> handler.equals("watch");
      default -> false;
    };
  }

  /** Open lives of handlers that may be stopped by anybody, and their ids. */
  List<InvocationId> stoppable() {
    return open.stream()
        .filter(it -> Handlers.mayBeStopped(birthOf(it).asked().target().handler()))
        .map(Life::id)
        .sorted()
        .toList();
  }

  /** Open lives of one handler. */
  List<InvocationId> openIdsOf(String handler) {
    return open.stream()
        .filter(it -> birthOf(it).asked().target().handler().equals(handler))
        .map(Life::id)
        .sorted()
        .toList();
  }

  /** The present or last life of an id that is known. */
  Life youngestOf(InvocationId id) {
    return Objects.requireNonNull(youngest.get(id));
  }

  /** Whether the id has begun another life since. */
  boolean wasReborn(Life life) {
    return !life.equals(youngest.get(life.id()));
  }

  NewInvocation askedFor(Life life) {
    return birthOf(life).asked();
  }

  /** Ended lives of handlers that may be run again. */
  List<InvocationId> restartable() {
    return outcomes.keySet().stream()
        .filter(it -> Handlers.mayBeStopped(birthOf(it).asked().target().handler()))
        .map(Life::id)
        .distinct()
        .sorted()
        .toList();
  }

  /** The same, but for those that somebody may yet ask for again with the same request. */
  List<InvocationId> purgeable() {
    long old = time.nowMillis() - SimulatedClient.ASKS_AGAIN_MILLIS * 3;
    return restartable().stream().filter(it -> birthOf(youngestOf(it)).atMillis() < old).toList();
  }

  /** Whoever is open. */
  List<InvocationId> openIds() {
    return open.stream().map(Life::id).distinct().sorted().toList();
  }

  boolean isBorn(InvocationId id, long incarnation) {
    return births.containsKey(new Life(id, incarnation));
  }

  /** Whether the logs know this id. */
  boolean knows(InvocationId id) {
    return youngest.containsKey(id);
  }

  /** Whether the logs have ever done what this very request asked for. */
  boolean knowsRequest(NewInvocation asked) {
    return requests.contains(List.of(asked.requestHigh(), asked.requestLow()));
  }

  /** Whether it is open now and has been since that time. */
  boolean isOpenSince(InvocationId id, long millis) {
    Life life = youngest.get(id);
    return life != null && open.contains(life) && birthOf(life).atMillis() < millis;
  }

  @Nullable Outcome outcomeOf(InvocationId id, long incarnation) {
    return outcomes.get(new Life(id, incarnation));
  }

  Set<Life> open() {
    return open;
  }

  /** Outputs of a handler for one key, of all lives that ended. */
  List<String> outputs(String handler, String key) {
    List<String> outputs = new ArrayList<>();
    outcomes.forEach(
        (life, outcome) -> {
          NewInvocation asked = birthOf(life).asked();
          if (asked.target().handler().equals(handler)
              && asked.target().key().equals(key)
              && outcome instanceof Outcome.Success success) {
            outputs.add(success.value().toUtf8());
          }
        });
    return outputs;
  }

  /** Inputs of a handler, of all lives, with their keys. */
  List<NewInvocation> allOf(String handler) {
    return births.values().stream()
        .map(Birth::asked)
        .filter(it -> it.target().handler().equals(handler))
        .toList();
  }

  int count() {
    return births.size();
  }
}
