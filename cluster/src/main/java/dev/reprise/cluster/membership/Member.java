package dev.reprise.cluster.membership;

/**
 * A node of the cluster.
 *
 * @param generation rises when it comes back without its disk, from 1
 * @param name given by whoever runs it; unique among the members
 * @param zone where it fails together with others; empty when nobody said
 * @param rules the newest version of the rules that its build knows
 */
public record Member(
    NodeId id,
    int generation,
    String name,
    String zone,
    Standing standing,
    Addresses addresses,
    int rules) {

  /** Whether it is to have replicas. */
  public enum Standing {
    /** It is. */
    ACTIVE,
    /** It is to let go of those it has. */
    DRAINING
  }

  /**
   * Where its ports are reached by the other nodes.
   *
   * @param node HTTP: health, metrics, identity
   * @param raft the log's
   * @param internode gRPC between nodes
   */
  public record Addresses(Address node, Address raft, Address internode) {}

  /** The replicas that it may have now. */
  public ReplicaId replica() {
    return new ReplicaId(id, generation);
  }

  Member standing(Standing other) {
    return new Member(id, generation, name, zone, other, addresses, rules);
  }

  Member knowing(int newest) {
    return new Member(id, generation, name, zone, standing, addresses, newest);
  }

  public boolean isActive() {
    return standing == Standing.ACTIVE;
  }
}
