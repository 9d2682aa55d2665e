package dev.reprise.cluster.simulation;

import dev.reprise.cluster.partition.Ingress;
import dev.reprise.cluster.partition.Loop;
import dev.reprise.storage.model.HandlerKind;
import dev.reprise.storage.model.NewInvocation;
import dev.reprise.storage.model.Outcome;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * A client with one request under way at a time. It believes what it is told, asks again where that
 * is allowed, and holds every answer against what the logs did.
 */
final class SimulatedClient {
  /** A request that is older is not asked again as it is. */
  static final long ASKS_AGAIN_MILLIS = 2_000;

  private final Simulation simulation;
  private final SplittableRandom random;
  private final String name;
  private int left;
  private Request request;
  private boolean busy;

  /** What is wanted; until it is answered, it may be asked for in several ways. */
  private static final class Request {
    private String handler = "";
    private String key = "";
    private String idempotencyKey = "";
    private String input = "";
    private NewInvocation asked;
    private long sinceMillis;
    private boolean onlySubmitted;
    private boolean mayBeDone;

    private Request(NewInvocation asked) {
      this.asked = asked;
    }

    private boolean named() {
      return !idempotencyKey.isEmpty() || asked.target().kind() == HandlerKind.WORKFLOW_RUN;
    }
  }

  SimulatedClient(Simulation simulation, SplittableRandom random, String name, int requests) {
    this.simulation = simulation;
    this.random = random;
    this.name = name;
    this.left = requests;
    this.request = draw();
    later(200, this::next);
  }

  boolean isDone() {
    return left == 0 && !busy;
  }

  @Override
  public String toString() {
    return name + " waits for " + Words.of(request.asked);
  }

  private void later(int delayMax, Runnable task) {
    simulation.time().after(1 + random.nextInt(delayMax), task);
  }

  private void next() {
    if (left > 0) {
      left--;
      busy = true;
      request = draw();
      ask();
    }
  }

  private Request draw() {
    String handler = Handlers.FOR_CLIENTS.get(random.nextInt(Handlers.FOR_CLIENTS.size()));
    String key = "k" + random.nextInt(3);
    boolean named = random.nextInt(10) < 3;
    String number = named ? "n" + random.nextInt(6) : name + "-" + left;
    if (handler.equals("run") || handler.equals("sign")) {
      key = "w" + random.nextInt(8);
      number = key;
      named = false;
    }
    String idempotencyKey = named ? number : "";
    String input = handler + "-" + number;
    NewInvocation asked = simulation.world().make(handler, key, idempotencyKey, input, null);
    Request drawn = new Request(asked);
    drawn.handler = handler;
    drawn.key = key;
    drawn.idempotencyKey = idempotencyKey;
    drawn.input = input;
    drawn.sinceMillis = simulation.time().nowMillis();
    drawn.onlySubmitted = random.nextInt(4) == 0;
    if (drawn.onlySubmitted && random.nextBoolean()) {
      long at = 1_000_000 + simulation.time().nowMillis() + random.nextInt(1_000);
      drawn.asked = simulation.world().delayed(asked, at);
    }
    return drawn;
  }

  private void done() {
    busy = false;
    later(300, this::next);
  }

  // ---- asking ----

  private void ask() {
    SimulatedNode node =
        simulation.doorFor(simulation.world().partitionOf(request.asked.id()), random);
    if (!node.isUp()) {
      later(200, this::ask);
      return;
    }
    renewIfOld();
    simulation.transcript().line(words(" asks for ", request.asked));
    Consumer<Ingress.Answer> once = onlyOnce(this::askedFor);
    if (request.onlySubmitted) {
      node.router().submit(request.asked, once);
      giveUp(node, once, () -> {});
    } else {
      Loop.Cancellable waiting = node.router().call(request.asked, once);
      giveUp(node, once, waiting::cancel);
    }
  }

  /** After so long the same request might not be remembered: ask afresh. */
  private void renewIfOld() {
    if (simulation.time().nowMillis() - request.sinceMillis > ASKS_AGAIN_MILLIS) {
      request.asked =
          simulation
              .world()
              .make(request.handler, request.key, request.idempotencyKey, request.input, null);
      request.sinceMillis = simulation.time().nowMillis();
    }
  }

  private java.util.function.Supplier<String> words(String verb, NewInvocation asked) {
    return () -> name + verb + Words.of(asked);
  }

  private Consumer<Ingress.Answer> onlyOnce(Consumer<Ingress.Answer> then) {
    boolean[] answered = new boolean[1];
    return answer -> {
      if (!answered[0]) {
        answered[0] = true;
        then.accept(answer);
      }
    };
  }

  /**
   * Nobody answers. A node that dies is noticed; where another node may lead by now, patience ends.
   * On a node alone, each request is answered while it lives, however long that takes.
   */
  private void giveUp(SimulatedNode node, Consumer<Ingress.Answer> once, Runnable cancel) {
    Runnable unknown = () -> once.accept(new Ingress.Answer.OutcomeUnknown("no answer"));
    node.whenItDies(unknown);
    if (!simulation.isAlone()) {
      simulation
          .time()
          .after(
              300 + random.nextInt(5_000),
              () -> {
                cancel.run();
                unknown.run();
              });
    }
  }

  private void askedFor(Ingress.Answer answer) {
    simulation.transcript().line(() -> name + " is told " + answer);
    switch (answer) {
      case Ingress.Answer.Accepted accepted -> {
        Check.that(
            simulation.lives().knows(accepted.id()),
            "⑫ Expected what was accepted to be in the log, but it is not: " + answer);
        attachSometimes();
      }
      case Ingress.Answer.Ended ended -> ended(ended);
      case Ingress.Answer.AlreadyInvoked it -> {
        Check.that(
            request.asked.target().kind() == HandlerKind.WORKFLOW_RUN,
            "⑫ Expected no workflow, but " + answer);
        done();
      }
      case Ingress.Answer.Unavailable it -> refused();
      case Ingress.Answer.OutcomeUnknown it -> unknown();
      default -> Check.that(false, "⑫ Nobody asked for this: " + answer);
    }
  }

  private void ended(Ingress.Answer.Ended ended) {
    Outcome judged =
        simulation
            .lives()
            .outcomeOf(ended.completed().id(), ended.completed().creation().incarnation());
    Check.that(
        ended.completed().outcome().equals(judged),
        "④ Expected the one outcome " + judged + ", but a client was told " + ended);
    done();
  }

  /** Nothing was done, and never will be by this asking. */
  private void refused() {
    if (!request.mayBeDone && random.nextBoolean()) {
      simulation.refused(request.asked);
      request.sinceMillis = Long.MIN_VALUE / 2; // Ask afresh.
    } else {
      request.mayBeDone = true; // It is asked for again.
    }
    later(300, this::ask);
  }

  private void unknown() {
    request.mayBeDone = true;
    boolean young = simulation.time().nowMillis() - request.sinceMillis <= ASKS_AGAIN_MILLIS;
    boolean remembered = request.asked.retention().completionMillis() > 0;
    if (request.named() || (young && remembered)) {
      later(200, this::ask);
    } else {
      attach();
    }
  }

  // ---- asking by id ----

  private void attachSometimes() {
    if (random.nextInt(3) == 0) {
      attach();
    } else {
      done();
    }
  }

  private void attach() {
    SimulatedNode node =
        simulation.doorFor(simulation.world().partitionOf(request.asked.id()), random);
    if (!node.isUp()) {
      later(200, this::attach);
      return;
    }
    long since = simulation.time().nowMillis();
    Consumer<Ingress.Answer> once = onlyOnce(answer -> attached(answer, since));
    if (random.nextInt(4) == 0) {
      node.router().output(request.asked.id(), once);
      giveUp(node, once, () -> {});
    } else {
      Loop.Cancellable waiting = node.router().attach(request.asked.id(), once);
      giveUp(node, once, waiting::cancel);
    }
  }

  private void attached(Ingress.Answer answer, long sinceMillis) {
    simulation.transcript().line(() -> name + " is told by id " + answer);
    switch (answer) {
      case Ingress.Answer.Ended ended -> ended(ended);
      case Ingress.Answer.NotFound it -> {
        Check.that(
            !simulation.lives().isOpenSince(it.id(), sinceMillis),
            "⑫ Expected an open invocation to be found, but " + answer);
        done();
      }
      case Ingress.Answer.NotReady it -> {
        Check.that(
            simulation.lives().knows(it.id()), "⑫ Expected it to be in the log, but " + answer);
        later(400, this::attach);
      }
      default -> later(400, this::attach);
    }
  }

  /** A check whose failure is a violation. */
  static final class Check {
    private Check() {}

    static void that(boolean holds, String message) {
      if (!holds) {
        throw new AssertionError(message);
      }
    }
  }
}
