package dev.reprise.cluster.simulation;

import dev.reprise.cluster.engine.Command;
import dev.reprise.cluster.partition.Ingress;
import dev.reprise.storage.model.Bytes;
import dev.reprise.storage.model.InvocationId;
import dev.reprise.storage.model.NewInvocation;
import dev.reprise.storage.model.ObjectId;
import dev.reprise.storage.model.Outcome;
import dev.reprise.storage.model.RequestId;
import dev.reprise.storage.model.Signal;
import dev.reprise.storage.model.SignalId;
import dev.reprise.storage.model.StatePatch;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * A person who cancels, kills, pauses, restarts and purges, completes other people's awakeables and
 * promises, and believes what the answers say. When all is well again, whoever is paused is
 * resumed.
 */
final class SimulatedOperator {
  private final Simulation simulation;
  private final SplittableRandom random;

  /** For each life of an awakeable's owner, the value that somebody was told is the one. */
  private final Map<Lives.Life, String> completed = new HashMap<>();

  SimulatedOperator(Simulation simulation, SplittableRandom random) {
    this.simulation = simulation;
    this.random = random;
    later();
  }

  private void later() {
    simulation.time().after(50 + random.nextInt(250), this::act);
  }

  private void act() {
    if (simulation.unrest().equals(Unrest.NONE)) {
      simulation.lives().openIds().forEach(it -> manage(new Command.Resume(it, null)));
    } else {
      actAtRandom();
    }
    later();
  }

  private void actAtRandom() {
    switch (random.nextInt(10)) {
      case 0, 1 -> some(simulation.lives().stoppable(), this::cancel);
      case 2, 3 -> some(simulation.lives().stoppable(), this::kill);
      case 4 -> some(simulation.lives().openIds(), it -> manage(new Command.Pause(it)));
      case 5 -> some(simulation.lives().openIds(), it -> manage(new Command.Resume(it, null)));
      case 6 -> some(simulation.lives().restartable(), this::restart);
      case 7 -> some(simulation.lives().purgeable(), it -> manage(purge(it)));
      case 8 -> some(simulation.lives().openIdsOf("await"), this::complete);
      default -> decideOrPatch();
    }
  }

  private void some(List<InvocationId> ids, Consumer<InvocationId> action) {
    if (!ids.isEmpty()) {
      action.accept(ids.get(random.nextInt(ids.size())));
    }
  }

  private RequestId request() {
    return new RequestId(random.nextLong(), random.nextLong());
  }

  private Command.Operation purge(InvocationId id) {
    return random.nextBoolean() ? new Command.Purge(id) : new Command.PurgeJournal(id);
  }

  private void manage(Command.Operation operation) {
    manage(operation, answer -> {});
  }

  private void manage(Command.Operation operation, Consumer<Ingress.Answer> then) {
    int partition = simulation.ranges().partitionOf(operation.id());
    SimulatedNode node = simulation.doorFor(partition, random);
    if (node.isUp()) {
      node.router()
          .manage(
              operation,
              answer -> {
                simulation.transcript().line(() -> "the operator: " + operation + " → " + answer);
                then.accept(answer);
              });
    }
  }

  private void cancel(InvocationId id) {
    long asked = simulation.time().nowMillis();
    manage(new Command.Cancel(id, request()), answer -> isOver(id, asked, answer));
  }

  private void kill(InvocationId id) {
    long asked = simulation.time().nowMillis();
    manage(new Command.Kill(id), answer -> isOver(id, asked, answer));
  }

  /** Done is done: no life that was there before is still open. */
  private void isOver(InvocationId id, long askedMillis, Ingress.Answer answer) {
    SimulatedClient.Check.that(
        !(answer instanceof Ingress.Answer.Done)
            || !simulation.lives().isOpenSince(id, askedMillis),
        "⑫ Expected what was stopped to be over, but it is open: " + id);
  }

  private void restart(InvocationId id) {
    InvocationId next = new InvocationId(id.partitionKey(), random.nextLong(), random.nextLong());
    manage(
        new Command.Restart(id, next, request(), random.nextInt(3), null, random.nextLong()),
        answer ->
            SimulatedClient.Check.that(
                !(answer instanceof Ingress.Answer.Accepted) || simulation.lives().knows(next),
                "⑫ Expected the restarted invocation to be there, but it is not: " + next));
  }

  /** Completes somebody's awakeable, among others who do. */
  private void complete(InvocationId id) {
    Lives.Life life = simulation.lives().youngestOf(id);
    NewInvocation owner = simulation.lives().askedFor(life);
    String value = (random.nextBoolean() ? "a-" : "b-") + owner.input().toUtf8();
    SimulatedNode node = simulation.doorFor(simulation.ranges().partitionOf(id), random);
    if (!node.isUp()) {
      return;
    }
    Outcome outcome = new Outcome.Success(Bytes.utf8(value));
    SignalId awakeable = new SignalId.Index(SignalId.FIRST_AWAKEABLE);
    String mine = value + " " + random.nextLong();
    node.router()
        .signal(
            id,
            new Signal(awakeable, outcome),
            request(),
            answer -> {
              if (answer instanceof Ingress.Answer.Done) {
                String before = completed.putIfAbsent(life, mine);
                SimulatedClient.Check.that(
                    before == null || simulation.lives().wasReborn(life),
                    "⑫ Expected one to be told that its value counts, but there are two: " + id);
              }
            });
  }

  private void decideOrPatch() {
    if (random.nextBoolean()) {
      ObjectId workflow = new ObjectId("Signup", "w" + random.nextInt(8));
      String value = (random.nextBoolean() ? "yes-sign-" : "no-sign-") + workflow.key();
      ask(
          workflow,
          node ->
              node.router()
                  .completePromise(
                      workflow,
                      "approved",
                      new Outcome.Success(Bytes.utf8(value)),
                      request(),
                      answer -> {}));
    } else {
      ObjectId leaf = new ObjectId("Leaf", "t" + random.nextInt(3));
      StatePatch patch = new StatePatch(request(), null, List.of());
      ask(leaf, node -> node.router().patchState(leaf, patch, answer -> {}));
    }
  }

  private void ask(ObjectId object, Consumer<SimulatedNode> question) {
    long key = dev.reprise.cluster.routing.InvocationIds.keyed(object.key());
    SimulatedNode node = simulation.doorFor(simulation.ranges().partitionOf(key), random);
    if (node.isUp()) {
      question.accept(node);
    }
  }
}
