package dev.reprise.chaos.run;

import dev.reprise.chaos.container.ContainerCluster;
import dev.reprise.chaos.history.History;
import dev.reprise.chaos.rig.Cluster;
import dev.reprise.chaos.rig.Effects;
import dev.reprise.chaos.rig.ProcessCluster;
import dev.reprise.chaos.rig.ServiceProcess;
import dev.reprise.chaos.workload.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Runs plans: starts what is needed, runs, writes a report, and leaves nothing that runs. */
public final class Runs {
  private Runs() {}

  /** The nodes are processes of this machine. */
  public static Outcome onProcesses(Plan plan) throws IOException, InterruptedException {
    ProcessCluster.Setup setup =
        ProcessCluster.Setup.of(plan.nodes(), plan.directory()).with(plan.before());
    return on(() -> new ProcessCluster(setup), plan);
  }

  /** The nodes are containers of an image, on an engine of this machine. */
  public static Outcome inContainers(String image, Plan plan)
      throws IOException, InterruptedException {
    if (!plan.before().isEmpty()) {
      throw new IllegalArgumentException("Expected no planted bug: the image is as it is");
    }
    return on(() -> new ContainerCluster(image, plan.nodes(), plan.directory()), plan);
  }

  private static Outcome on(Supplier<Cluster> nodes, Plan plan)
      throws IOException, InterruptedException {
    Files.createDirectories(plan.directory());
    List<Class<?>> classes = new ArrayList<>();
    plan.workloads().stream().map(Workload::services).forEach(classes::addAll);
    Effects effects = new Effects(plan.directory().resolve("effects"));
    try (Cluster cluster = nodes.get();
        ServiceProcess services = new ServiceProcess(effects.file(), classes);
        History history = new History(plan.directory().resolve("history.jsonl"))) {
      Outcome outcome = new ChaosRun(plan, cluster, services, history).run();
      if (!outcome.passed()) {
        Files.writeString(
            plan.directory().resolve("output.txt"), cluster.tail() + "\n" + services.tail());
      }
      Report.write(outcome, plan.directory().resolve("report.html"));
      return outcome;
    }
  }
}
