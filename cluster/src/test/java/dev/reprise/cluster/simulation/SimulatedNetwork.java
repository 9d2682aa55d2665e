package dev.reprise.cluster.simulation;

import dev.reprise.cluster.engine.Command;
import dev.reprise.cluster.engine.Result;
import dev.reprise.cluster.partition.Deliveries;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The ways between partitions: slow, and now and then deaf or repeating. */
final class SimulatedNetwork implements Deliveries {
  private static final int DELAY_MAX = 20;
  private static final int TIMEOUT = 400;

  private final Simulation simulation;
  private final SplittableRandom random;

  SimulatedNetwork(Simulation simulation, SplittableRandom random) {
    this.simulation = simulation;
    this.random = random;
  }

  @Override
  public void deliver(int receiver, Command.Deliver messages, Consumer<@Nullable Result> answer) {
    boolean[] answered = new boolean[1];
    Consumer<@Nullable Result> once =
        result -> {
          if (!answered[0]) {
            answered[0] = true;
            answer.accept(result);
          }
        };
    simulation.time().after(TIMEOUT, () -> once.accept(null));
    Unrest unrest = simulation.unrest();
    if (random.nextDouble() >= unrest.messageLost()) {
      boolean answerLost = random.nextDouble() < unrest.messageLost();
      bring(receiver, messages, DELAY_MAX, answerLost ? result -> {} : once);
    }
    if (random.nextDouble() < unrest.messageTwice()) {
      bring(receiver, messages, TIMEOUT, result -> {});
    }
  }

  private void bring(
      int receiver, Command.Deliver messages, int delayMax, Consumer<@Nullable Result> answer) {
    simulation
        .time()
        .after(
            random.nextInt(delayMax + 1),
            () -> {
              SimulatedNode node = simulation.nodeFor(receiver, random);
              if (node.isUp()) {
                node.router()
                    .deliver(
                        receiver,
                        messages,
                        result ->
                            simulation
                                .time()
                                .after(random.nextInt(DELAY_MAX + 1), () -> answer.accept(result)));
              }
            });
  }
}
