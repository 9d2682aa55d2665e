package dev.reprise.chaos.run;

import dev.reprise.chaos.check.Verdict;
import dev.reprise.chaos.container.Image;
import dev.reprise.chaos.fault.Fault;
import dev.reprise.chaos.plant.Plant;
import dev.reprise.chaos.workload.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code chaos-tests/chaos}: one run of the storm, for as long as one likes. */
@Command(
    name = "chaos",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Blows at a cluster, judges what it did, and writes a page about it.")
public final class Main implements Callable<Integer> {
  private static final int VIOLATED = 1;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description =
          "of all choices; another one each time by default. What an earlier run of it left is deleted")
  long seed = System.nanoTime();

  @Option(
      names = "--minutes",
      paramLabel = "N",
      description = "how long faults are done (default: ${DEFAULT-VALUE})")
  double minutes = 2;

  @Option(
      names = "--kills",
      paramLabel = "N",
      description =
          "kill the leader so often, instead of other faults, and measure how long it is felt")
  int kills;

  @Option(names = "--nodes", paramLabel = "N", description = "(default: ${DEFAULT-VALUE})")
  int nodes = 3;

  @Option(
      names = "--containers",
      description = "nodes are containers of the image, which is built; needs a Docker engine here")
  boolean containers;

  @Option(
      names = "--faults",
      paramLabel = "NAME",
      split = ",",
      description = "only these, of ${COMPLETION-CANDIDATES} (default: all that are possible)")
  List<Fault> faults = List.of(Fault.values());

  @Option(
      names = "--workloads",
      paramLabel = "NAME",
      split = ",",
      description = "only these: register, set, counter, bank, sends, nap, vow, gate")
  List<String> workloads = List.of();

  @Option(
      names = "--clients",
      paramLabel = "N",
      description = "of each workload (default: ${DEFAULT-VALUE})")
  int clients = 2;

  @Option(
      names = "--plant",
      paramLabel = "BUG",
      description = "put this bug into the servers, to see it found: ${COMPLETION-CANDIDATES}")
  @Nullable Plant plant;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "for history, report and data (default: ${DEFAULT-VALUE})")
  Path out = Path.of("chaos-tests", "target", "chaos");

  public static void main(String[] args) {
    System.exit(
        new CommandLine(new Main()).setCaseInsensitiveEnumValuesAllowed(true).execute(args));
  }

  /** A run of the same seed begins with empty disks. */
  private static void forgetEarlier(Path directory) throws IOException {
    if (Files.isDirectory(directory)) {
      try (Stream<Path> files = Files.walk(directory)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path directory = out.resolve(Long.toUnsignedString(seed)).toAbsolutePath();
    forgetEarlier(directory);
    Duration storm = Duration.ofMillis((long) (minutes * 60_000));
    Plan plan = Plan.of(seed, storm, nodes, directory).with(faults).clients(clients);
    if (!workloads.isEmpty()) {
      plan =
          plan.of(
              plan.workloads().stream()
                  .filter(it -> workloads.contains(it.name()))
                  .toArray(Workload[]::new));
    }
    if (kills > 0) {
      plan = plan.killingLeaders(kills);
    }
    if (plant != null) {
      plan = plan.planted(plant.in(directory.resolve("planted")), Duration.ofSeconds(30));
    }
    String where = containers ? " --containers" : "";
    System.out.println("[storm] repeat with " + plan.command() + where);
    Outcome outcome = containers ? Runs.inContainers(Image.make(), plan) : Runs.onProcesses(plan);
    for (Verdict verdict : outcome.verdicts()) {
      System.out.println("[storm] " + verdict);
    }
    if (kills > 0) {
      Failover failover = Failover.of(outcome);
      System.out.println(failover.table());
      System.out.printf(
          "[storm] served again after: median %d ms, worst %d ms, of %d kills%n",
          failover.medianMillis(), failover.worstMillis(), failover.kills().size());
    }
    System.out.printf(
        "[storm] seed %d: %s; %d acts, %d faults; see %s%n",
        seed,
        outcome.passed() ? "all checks hold" : "VIOLATED",
        outcome.acts().size(),
        outcome.strikes().size(),
        directory.resolve("report.html"));
    return outcome.passed() ? 0 : VIOLATED;
  }
}
