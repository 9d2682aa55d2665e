package dev.reprise.cluster.log.ratis;

import dev.reprise.cluster.log.LogId;
import dev.reprise.cluster.log.RecordingReplica;
import dev.reprise.cluster.log.ReplicatedLog;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * The process that {@link FullDiskTest} starts with a limit on the size of its files. It proposes
 * until the log fails, lifts the limit, opens the same log again and goes on. Prints what happened,
 * one word and one number per line.
 */
public final class FullDiskChild {
  private static final LogId LOG = LogId.partition(1);
  private static final int MORE = 20;

  private FullDiskChild() {}

  /** Argument: the directory. */
  public static void main(String[] arguments) throws Exception {
    try (RatisRig rig = RatisRig.alone(Path.of(arguments[0]), RatisSettings.Tuning.DEFAULT)) {
      RecordingReplica replica = new RecordingReplica(rig::changed);
      ReplicatedLog log = rig.open(0, LOG, replica);
      rig.await("it leads", () -> replica.leading().isPresent());
      int proposed = proposeUntilItFails(rig, log, replica);
      rig.await("the log has failed", () -> replica.failure() != null);
      rig.await("its proposals are told", () -> !replica.failedProposals().isEmpty());
      System.out.println("proposed " + proposed);
      System.out.println("applied " + replica.told().size());

      liftLimit();
      log.close();
      RecordingReplica again = replica.reopened();
      ReplicatedLog reopened = rig.open(0, LOG, again);
      rig.await("it leads again", () -> again.leading().isPresent());
      int before = again.told().size();
      for (int i = 0; i < MORE; i++) {
        reopened.propose(again.leading().orElseThrow(), entry(proposed + i));
      }
      rig.await("it goes on", () -> again.told().size() == before + MORE);
      System.out.println("goneOn " + MORE);
      System.out.println("held " + again.told().size());
    }
  }

  private static int proposeUntilItFails(
      RatisRig rig, ReplicatedLog log, RecordingReplica replica) {
    int proposed = 0;
    while (replica.failure() == null && replica.failedProposals().isEmpty()) {
      log.propose(replica.leading().orElse(0), entry(proposed++));
      int wanted = proposed;
      rig.await(
          "the entry is applied or refused",
          () ->
              replica.told().size() >= wanted
                  || replica.failure() != null
                  || !replica.failedProposals().isEmpty());
    }
    return proposed;
  }

  private static byte[] entry(int number) {
    return ("entry " + number + " ").repeat(800).getBytes(StandardCharsets.UTF_8);
  }

  private static void liftLimit() throws Exception {
    String self = Long.toString(ProcessHandle.current().pid());
    Process prlimit =
        new ProcessBuilder("prlimit", "--pid", self, "--fsize=unlimited").inheritIO().start();
    if (!prlimit.waitFor(10, TimeUnit.SECONDS) || prlimit.exitValue() != 0) {
      throw new IllegalStateException("Expected prlimit to lift the limit, but it did not");
    }
  }
}
