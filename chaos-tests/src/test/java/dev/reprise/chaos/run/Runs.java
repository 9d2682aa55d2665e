package dev.reprise.chaos.run;

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

/** Runs plans on processes of this machine. */
public final class Runs {
  private Runs() {}

  /** Starts what the plan needs, runs it, writes its report, and leaves no process. */
  public static Outcome onProcesses(Plan plan) throws IOException, InterruptedException {
    Files.createDirectories(plan.directory());
    List<Class<?>> classes = new ArrayList<>();
    plan.workloads().stream().map(Workload::services).forEach(classes::addAll);
    Effects effects = new Effects(plan.directory().resolve("effects"));
    ProcessCluster.Setup setup =
        ProcessCluster.Setup.of(plan.nodes(), plan.directory()).with(plan.before());
    try (Cluster cluster = new ProcessCluster(setup);
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
