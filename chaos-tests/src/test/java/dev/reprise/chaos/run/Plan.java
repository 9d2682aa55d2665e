package dev.reprise.chaos.run;

import dev.reprise.chaos.fault.Fault;
import dev.reprise.chaos.workload.Bank;
import dev.reprise.chaos.workload.Counters;
import dev.reprise.chaos.workload.Gates;
import dev.reprise.chaos.workload.Naps;
import dev.reprise.chaos.workload.Registers;
import dev.reprise.chaos.workload.Sends;
import dev.reprise.chaos.workload.Sets;
import dev.reprise.chaos.workload.Vows;
import dev.reprise.chaos.workload.Workload;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * What a run is to be.
 *
 * @param storm how long faults are done; before and after it there is a calm
 * @param clients of each workload
 * @param pace how long a client rests between two turns, on average
 * @param directory for all that the run leaves: data, history, report
 * @param before stands before the servers' class path: a planted bug; empty for none
 */
public record Plan(
    long seed,
    Duration storm,
    int nodes,
    List<Fault> faults,
    List<Workload> workloads,
    int clients,
    Duration pace,
    Path directory,
    String before) {

  /** All faults, all workloads. */
  public static Plan of(long seed, Duration storm, int nodes, Path directory) {
    return new Plan(
        seed,
        storm,
        nodes,
        List.of(Fault.values()),
        allWorkloads(),
        2,
        Duration.ofMillis(40),
        directory,
        "");
  }

  static List<Workload> allWorkloads() {
    return List.of(
        new Registers(),
        new Sets(),
        new Counters(),
        new Bank(),
        new Sends(),
        new Naps(),
        new Vows(),
        new Gates());
  }

  public Plan with(List<Fault> otherFaults) {
    return new Plan(seed, storm, nodes, otherFaults, workloads, clients, pace, directory, before);
  }

  public Plan clients(int number) {
    return new Plan(seed, storm, nodes, faults, workloads, number, pace, directory, before);
  }

  public Plan of(Workload... only) {
    return new Plan(seed, storm, nodes, faults, List.of(only), clients, pace, directory, before);
  }

  /** With a bug in the servers. */
  public Plan planted(String otherBefore) {
    return new Plan(seed, storm, nodes, faults, workloads, clients, pace, directory, otherBefore);
  }

  /** How to repeat it. */
  public String command() {
    return String.format(
        Locale.ROOT,
        "chaos-tests/chaos --seed %d --minutes %.1f --nodes %d",
        seed,
        storm.toMillis() / 60_000.0,
        nodes);
  }
}
