package dev.reprise.cluster.log.ratis;

import dev.reprise.cluster.log.LogId;
import dev.reprise.cluster.log.RecordingReplica;
import dev.reprise.cluster.log.ReplicatedLog;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * The process that {@link KilledProcessTest} kills: it proposes without end, some entries ahead,
 * and prints how many were applied.
 */
public final class KilledChild {
  private static final int WINDOW = 8;

  private KilledChild() {}

  /** Argument: the directory. */
  public static void main(String[] arguments) {
    RatisRig rig = RatisRig.alone(Path.of(arguments[0]), RatisSettings.Tuning.DEFAULT);
    RecordingReplica replica = new RecordingReplica(rig::changed);
    ReplicatedLog log = rig.open(0, LogId.partition(1), replica);
    rig.await("it leads", () -> replica.leading().isPresent());
    long term = replica.leading().orElseThrow();
    for (int i = 0; ; i++) {
      int floor = i - WINDOW;
      rig.await("there is room", () -> replica.told().size() > floor);
      log.propose(term, entry(i));
      System.out.println("applied " + replica.told().size());
    }
  }

  /** The entry with this number; its length differs from its neighbours'. */
  static byte[] entry(int number) {
    return ("entry " + number + " ").repeat(1 + number % 97 * 5).getBytes(StandardCharsets.UTF_8);
  }
}
