package dev.reprise.chaos.history;

/**
 * One thing that a client did.
 *
 * @param workload whose act it is
 * @param key of what it was done to; acts of different keys do not touch each other
 * @param client who did it; a client does one thing at a time
 * @param node that was asked last
 * @param verb what was done
 * @param input of it
 * @param output that was answered; empty when it is not {@link Fate#DONE}
 * @param begin in nanoseconds since the history began
 * @param end likewise: when it was answered or given up
 */
public record Act(
    String workload,
    String key,
    int client,
    int node,
    String verb,
    String input,
    Fate fate,
    String output,
    long begin,
    long end) {

  public boolean done() {
    return fate == Fate.DONE;
  }

  /** Whether it certainly took effect before the other one began. */
  public boolean before(Act other) {
    return done() && end < other.begin;
  }

  /** As an act that nobody answered. */
  public Act forgotten() {
    return new Act(workload, key, client, node, verb, input, Fate.UNKNOWN, "", begin, end);
  }

  @Override
  public String toString() {
    return "%s %s(%s) = %s by client %d at node %d, %.3f..%.3f s"
        .formatted(
            key,
            verb,
            input,
            done() ? output : fate.toString(),
            client,
            node,
            begin / 1e9,
            end / 1e9);
  }
}
