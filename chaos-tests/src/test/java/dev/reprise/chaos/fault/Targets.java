package dev.reprise.chaos.fault;

import dev.reprise.chaos.rig.Cluster;
import dev.reprise.chaos.rig.ServiceProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/** What faults may touch, and what one of them has in its hands. One thread. */
public final class Targets {
  private static final Duration LOOK = Duration.ofSeconds(2);

  private final Cluster cluster;
  private final ServiceProcess services;
  private final Duration patience;
  private final Set<Integer> taken = new HashSet<>();

  /**
   * Everything may be touched.
   *
   * @param patience how long copies may take to be whole again when all faults are over
   */
  public Targets(Cluster cluster, ServiceProcess services, Duration patience) {
    this.cluster = cluster;
    this.services = services;
    this.patience = patience;
  }

  /** Waits until all is well again; see {@link Calm}. */
  void awaitCalm() {
    Calm.await(cluster, patience);
  }

  public Cluster cluster() {
    return cluster;
  }

  public ServiceProcess services() {
    return services;
  }

  /** Takes so many nodes that no other fault has, the leader first where it is wanted. */
  List<Integer> take(int count, boolean leader, SplittableRandom random) {
    List<Integer> free = new ArrayList<>();
    for (int node = 0; node < cluster.size(); node++) {
      if (!taken.contains(node)) {
        free.add(node);
      }
    }
    List<Integer> chosen = new ArrayList<>();
    int first = leader ? cluster.leader(LOOK) : -1;
    if (free.remove(Integer.valueOf(first))) {
      chosen.add(first);
    }
    while (chosen.size() < count && !free.isEmpty()) {
      chosen.add(free.remove(random.nextInt(free.size())));
    }
    taken.addAll(chosen);
    return chosen;
  }

  /** A node for what does not keep others from being done to it. */
  int any(boolean leader, SplittableRandom random) {
    int first = leader ? cluster.leader(LOOK) : -1;
    return first >= 0 ? first : random.nextInt(cluster.size());
  }

  void giveBack(List<Integer> nodes) {
    nodes.forEach(taken::remove);
  }
}
