package dev.reprise.chaos.workload;

import dev.reprise.chaos.check.EndedCheck;
import dev.reprise.chaos.check.Verdict;
import dev.reprise.chaos.history.Act;
import dev.reprise.chaos.history.Fate;
import dev.reprise.chaos.history.History;
import dev.reprise.chaos.rig.Doors;
import dev.reprise.chaos.rig.IngressClient.Answer;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Deployments that are registered while the others work: the same endpoint below another path, so
 * that each service gets a new revision and what runs stays where it began. Used by one thread.
 */
public final class Registrations {
  static final String NAME = "deployments";

  private final AtomicInteger drawn = new AtomicInteger();
  private final Queue<String> registered = new ConcurrentLinkedQueue<>();
  private final Doors doors;
  private final History history;
  private final URI endpoint;

  public Registrations(Doors doors, History history, URI endpoint) {
    this.doors = doors;
    this.history = history;
    this.endpoint = endpoint;
  }

  /** Registers once more, at any node; whether that worked is in the history. */
  public void register(SplittableRandom random) {
    String uri = endpoint + "/r" + drawn.incrementAndGet();
    int node = random.nextInt(doors.size());
    long begin = history.now();
    Fate fate = Fate.UNKNOWN;
    try {
      Answer answer = doors.admin(node).to("deployments").post("{\"uri\":\"" + uri + "\"}");
      fate = answer.status() == 201 ? Fate.DONE : Fate.UNKNOWN;
    } catch (IOException e) {
      // Nobody knows.
    }
    add(uri, node, "begin", uri, fate, "", begin);
    if (fate == Fate.DONE) {
      registered.add(uri);
    }
  }

  /** Asks every node whether it knows what was acknowledged. */
  public void look() throws IOException {
    long begin = history.now();
    List<String> known = new ArrayList<>();
    for (int node = 0; node < doors.size(); node++) {
      known.add(doors.admin(node).deployments());
    }
    for (String uri : registered) {
      boolean everywhere =
          known.stream().allMatch(it -> it.contains(uri + "/\"") || it.contains(uri + "\""));
      add(uri, -1, "end", "", everywhere ? Fate.DONE : Fate.UNKNOWN, everywhere ? uri : "", begin);
    }
  }

  private void add(
      String key, int node, String verb, String input, Fate fate, String output, long begin) {
    history.add(new Act(NAME, key, -1, node, verb, input, fate, output, begin, history.now()));
  }

  /** Judges all registrations. */
  public static List<Verdict> judge(List<Act> acts) {
    List<Act> of = acts.stream().filter(it -> it.workload().equals(NAME)).toList();
    return List.of(EndedCheck.judge("registered deployments stay", of));
  }
}
