package dev.reprise.chaos.run;

import dev.reprise.chaos.fault.Fault;
import dev.reprise.chaos.fault.Scheduler;
import dev.reprise.chaos.workload.Bank;
import dev.reprise.chaos.workload.Counters;
import dev.reprise.chaos.workload.Gates;
import dev.reprise.chaos.workload.Naps;
import dev.reprise.chaos.workload.Probes;
import dev.reprise.chaos.workload.Registers;
import dev.reprise.chaos.workload.Sends;
import dev.reprise.chaos.workload.Sets;
import dev.reprise.chaos.workload.Vows;
import dev.reprise.chaos.workload.Workload;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a run is to be.
 *
 * @param storm when faults are done; before and after it there is a calm
 * @param kills how often the leader is killed, instead of other faults; 0 for those
 * @param clients how clients behave
 * @param patience how long everything may take to end when the faults are over
 * @param directory for all that the run leaves: data, history, report
 * @param before stands before the servers' class path: a planted bug; empty for none
 */
public record Plan(
    long seed,
    Scheduler.Times storm,
    int kills,
    int nodes,
    List<Fault> faults,
    List<Workload> workloads,
    Clients clients,
    Duration patience,
    Path directory,
    String before) {
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  /**
   * How clients behave.
   *
   * @param number of each workload
   * @param pace how long one rests between two turns, on average
   * @param request how long one waits for an answer
   */
  public record Clients(int number, Duration pace, Duration request) {
    static final Clients USUAL = new Clients(2, Duration.ofMillis(40), Duration.ofSeconds(5));

    /** Many, who look elsewhere soon. */
    public static Clients hasty(int number) {
      return new Clients(number, Duration.ofMillis(20), Duration.ofSeconds(1));
    }
  }

  /** All faults, all workloads. */
  public static Plan of(long seed, Duration storm, int nodes, Path directory) {
    return new Plan(
        seed,
        Scheduler.Times.storm(storm),
        0,
        nodes,
        List.of(Fault.values()),
        allWorkloads(),
        Clients.USUAL,
        PATIENCE,
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

  /** Kills the leader so often, and looks when each part of the key space is served again. */
  public Plan killingLeaders(int times) {
    List<Workload> probed = new ArrayList<>(workloads);
    probed.add(new Probes());
    return new Plan(
        seed, storm, times, nodes, faults, probed, clients, patience, directory, before);
  }

  public Plan with(List<Fault> only) {
    return new Plan(
        seed, storm, kills, nodes, only, workloads, clients, patience, directory, before);
  }

  public Plan with(Clients others) {
    return new Plan(
        seed, storm, kills, nodes, faults, workloads, others, patience, directory, before);
  }

  /** With so many of each workload. */
  public Plan clients(int number) {
    return with(new Clients(number, clients.pace(), clients.request()));
  }

  public Plan of(Workload... only) {
    return new Plan(
        seed, storm, kills, nodes, faults, List.of(only), clients, patience, directory, before);
  }

  /** Faults hold for so long that others can be elected on a busy machine. */
  public Plan holdingLong() {
    Scheduler.Times times =
        new Scheduler.Times(storm.duration(), Duration.ofSeconds(4), Duration.ofSeconds(8));
    return new Plan(
        seed, times, kills, nodes, faults, workloads, clients, patience, directory, before);
  }

  /** With a bug in the servers, which may keep anything from ending. */
  public Plan planted(String otherBefore, Duration shortPatience) {
    return new Plan(
        seed,
        storm,
        kills,
        nodes,
        faults,
        workloads,
        clients,
        shortPatience,
        directory,
        otherBefore);
  }

  /** How to repeat it. */
  public String command() {
    String what =
        kills > 0
            ? "--kills " + kills
            : String.format(Locale.ROOT, "--minutes %.1f", storm.duration().toMillis() / 60_000.0);
    return "chaos-tests/chaos --seed %d %s --nodes %d".formatted(seed, what, nodes);
  }
}
