package dev.reprise.cluster.log.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.cluster.log.RecordingReplica;
import dev.reprise.cluster.log.RecordingReplica.Told;
import dev.reprise.cluster.log.ReplicatedLog;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What a stormy log may do, and that one seed is one run. */
class SimulatedLogTest {
  private static final int NODES = 3;
  private static final int SEEDS = 100;

  /** Proposes to whoever believes to lead, crashes and pauses nodes, and records it all. */
  private static final class Storm {
    private final SimulatedTime time = new SimulatedTime();
    private final SplittableRandom random;
    private final SimulatedLog log;
    private final RecordingReplica[] replicas = new RecordingReplica[NODES];
    private final ReplicatedLog[] handles = new ReplicatedLog[NODES];
    private final List<String> proposed = new ArrayList<>();
    private final StringBuilder transcript = new StringBuilder();
    private int believersMax;

    private Storm(long seed, Faults faults) {
      random = new SplittableRandom(seed);
      log = SimulatedLog.cluster(NODES, time, random.split(), faults);
      for (int node = 0; node < NODES; node++) {
        replicas[node] =
            new RecordingReplica(() -> transcript.append(time.nowMillis()).append(' '));
        handles[node] = log.start(node, replicas[node]);
      }
    }

    private Storm run(int steps) {
      for (int step = 0; step < steps; step++) {
        time.runFor(random.nextInt(20));
        believersMax = Math.max(believersMax, log.believers());
        int node = random.nextInt(NODES);
        switch (random.nextInt(40)) {
          case 0 -> crashAndRestart(node);
          case 1 -> {
            log.pause(node);
            time.after(random.nextInt(2000), () -> log.resume(node));
          }
          default -> propose(node);
        }
      }
      log.become(Faults.NONE);
      time.runFor(10_000);
      return this;
    }

    private void propose(int node) {
      replicas[node]
          .leading()
          .ifPresent(
              term -> {
                String entry = term + "/" + proposed.size();
                proposed.add(entry);
                handles[node].propose(term, entry.getBytes(StandardCharsets.UTF_8));
              });
    }

    private void crashAndRestart(int node) {
      log.crash(node);
      int held = replicas[node].told().size();
      replicas[node] = replicas[node].survivingWith(held == 0 ? 0 : random.nextInt(held + 1));
      time.runFor(random.nextInt(500));
      handles[node] = log.start(node, replicas[node]);
    }

    private String summary() {
      return transcript + "\n" + replicas[0].told().stream().map(Told::text).toList();
    }
  }

  @Test
  void oneSeedIsOneRun() {
    for (long seed = 0; seed < 10; seed++) {
      String first = new Storm(seed, Faults.STORM).run(300).summary();
      String second = new Storm(seed, Faults.STORM).run(300).summary();

      assertThat(second).as("seed %d", seed).isEqualTo(first);
    }
  }

  @Test
  void inAStormEveryReplicaStillIsToldTheSame() {
    for (long seed = 0; seed < SEEDS; seed++) {
      Storm storm = new Storm(seed, Faults.STORM).run(300);

      List<Told> first = storm.replicas[0].told();
      assertThat(first).as("seed %d", seed).isNotEmpty();
      for (RecordingReplica replica : storm.replicas) {
        assertThat(replica.violations()).as("seed %d", seed).isEmpty();
        assertThat(replica.told().stream().map(Told::at).toList())
            .as("seed %d", seed)
            .isEqualTo(first.stream().map(Told::at).toList());
        assertThat(replica.texts()).as("seed %d", seed).isEqualTo(storm.replicas[0].texts());
      }
    }
  }

  @Test
  void inAStormAProposalIsAppliedAtMostOnceAndInTheOrderOfItsTerm() {
    for (long seed = 0; seed < SEEDS; seed++) {
      Storm storm = new Storm(seed, Faults.STORM).run(300);

      Map<String, Integer> lastOfTerm = new HashMap<>();
      for (Told told : storm.replicas[0].told()) {
        String[] parts = told.text().split("/", -1);
        int number = Integer.parseInt(parts[1]);
        assertThat(parts[0]).as("seed %d", seed).isEqualTo(Long.toString(told.at().term()));
        Integer before = lastOfTerm.put(parts[0], number);
        assertThat(before == null || before < number)
            .as("seed %d: %d after %d in term %s", seed, number, before, parts[0])
            .isTrue();
      }
    }
  }

  @Test
  void withDuplicationAProposalMayBeAppliedTwice() {
    Storm storm = new Storm(1, Faults.NONE.withDuplicated(0.5)).run(300);

    List<String> texts = storm.replicas[0].texts();
    assertThat(new HashSet<>(texts)).hasSizeLessThan(texts.size());
  }

  @Test
  void aStormHasAllKindsOfWeather() {
    Set<String> seen = new HashSet<>();
    for (long seed = 0; seed < SEEDS; seed++) {
      Storm storm = new Storm(seed, Faults.STORM).run(300);
      Set<String> applied = new HashSet<>(storm.replicas[0].texts());
      if (applied.size() < storm.proposed.size()) {
        seen.add("a proposal was lost");
      }
      if (storm.believersMax > 1) {
        seen.add("two believed that they led");
      }
      int failed = 0;
      for (RecordingReplica replica : storm.replicas) {
        failed += replica.failedProposals().size();
      }
      if (failed > storm.proposed.size() - applied.size()) {
        seen.add("a proposal was reported as failed and applied");
      }
    }
    assertThat(seen).hasSize(3);
  }

  @Test
  void aPausedLeaderGoesOnBelievingAndItsProposalsGoNowhere() {
    SimulatedTime time = new SimulatedTime();
    SimulatedLog log = SimulatedLog.cluster(NODES, time, new SplittableRandom(3), Faults.NONE);
    List<RecordingReplica> replicas = new ArrayList<>();
    List<ReplicatedLog> handles = new ArrayList<>();
    for (int node = 0; node < NODES; node++) {
      replicas.add(new RecordingReplica(() -> {}));
      handles.add(log.start(node, replicas.get(node)));
    }
    time.runFor(1000);
    int old = log.leader().orElseThrow();
    long oldTerm = replicas.get(old).leading().orElseThrow();

    log.pause(old);
    time.runFor(1000);
    int next = log.leader().orElseThrow();
    handles.get(old).propose(oldTerm, "nowhere".getBytes(StandardCharsets.UTF_8));
    long nextTerm = replicas.get(next).leading().orElseThrow();
    handles.get(next).propose(nextTerm, "somewhere".getBytes(StandardCharsets.UTF_8));
    assertThat(next).isNotEqualTo(old);
    assertThat(log.believers()).isEqualTo(2);

    log.resume(old);
    time.runFor(1000);
    assertThat(replicas.get(old).leading()).isEmpty();
    assertThat(replicas.get(old).failedProposals()).containsExactly(oldTerm);
    assertThat(replicas.get(old).texts()).isEqualTo(List.of("somewhere"));
  }
}
