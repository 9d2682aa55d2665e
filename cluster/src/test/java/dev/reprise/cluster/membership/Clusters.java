package dev.reprise.cluster.membership;

import dev.reprise.cluster.membership.ClusterCommand.Found;
import dev.reprise.cluster.membership.ClusterCommand.Join;
import dev.reprise.cluster.membership.ClusterCommand.Newcomer;
import dev.reprise.cluster.membership.ClusterCommand.Place;
import dev.reprise.cluster.membership.ClusterCommand.Settle;
import dev.reprise.cluster.membership.ClusterCommand.Stand;

/** A cluster in a test's hands. */
final class Clusters {
  private ClusterView view = ClusterView.NOTHING;

  private Clusters() {}

  /** One node in a zone of its own, that has everything. */
  static Clusters founded(int partitions) {
    return founded(partitions, "z1");
  }

  static Clusters founded(int partitions, String zone) {
    Clusters made = new Clusters();
    made.done(new Found("demo", "f1", newcomer("n1", zone), partitions, 0));
    return made;
  }

  ClusterView view() {
    return view;
  }

  void joined(String name, String zone) {
    done(new Join(newcomer(name, zone)));
  }

  void draining(int node) {
    done(new Stand(new NodeId(node), Member.Standing.DRAINING));
  }

  /** Applies what must not be rejected. */
  void done(ClusterCommand command) {
    ClusterMachine.Step step = ClusterMachine.apply(view, command);
    if (step.rejection() != null) {
      throw new AssertionError("Expected " + command + " to be done, but " + step.rejection());
    }
    view = step.view();
  }

  /** Places until nothing is left to be done, and says in how many steps. */
  int settledDown() {
    for (int steps = 0; steps < 1_000; steps++) {
      Place next = Placement.next(view);
      if (next == null) {
        return steps;
      }
      done(next);
      done(new Settle(next.partition(), next.version() + 1));
    }
    throw new AssertionError("Expected an end, but it goes on at " + view);
  }

  static Newcomer newcomer(String name, String zone) {
    return newcomer(name, zone, 1);
  }

  /** With a build that knows rules up to this version. */
  static Newcomer newcomer(String name, String zone, int rules) {
    Address at = new Address(name, 5122);
    return new Newcomer(
        name,
        zone,
        new Member.Addresses(at, new Address(name, 5123), new Address(name, 5124)),
        rules);
  }

  static ReplicaId replica(int node) {
    return new ReplicaId(new NodeId(node), 1);
  }
}
