package dev.reprise.server.invoker;

import dev.reprise.cluster.partition.Invoker;
import dev.reprise.cluster.partition.Loop;
import dev.reprise.server.endpoint.Endpoints;
import dev.reprise.storage.model.AttemptId;
import dev.reprise.storage.model.Invocation;
import dev.reprise.storage.model.InvocationId;
import dev.reprise.storage.model.JournalEntry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The invoker of one partition for one epoch: which invocations run now, which wait for a place,
 * and one timer for all their deadlines. Confined to the partition's loop.
 *
 * <p>Longer than most: places, the queue for them and the timer each change with the others, and
 * what the leader asks is one short method each.
 */
final class EndpointInvoker implements Invoker {
  /** How often something that waits for room elsewhere is looked at. */
  static final long LOOK_AGAIN_MILLIS = 20;

  private static final long STEP_PATIENCE = 20;
  private static final long READY_INPUT_BYTES = 16 << 20;

  private final int partition;
  private final Invokers node;
  private final Host host;
  private final Endpoints endpoints;
  private final Routes routes;
  private final Activations activations;
  private final Unpinned unpinned = new Unpinned();
  private final ReadyQueue ready = new ReadyQueue();
  private final MemoryPool.Place place = new MemoryPool.Place();
  private final AttemptList attempts = new AttemptList();
  private final List<Attempt> looking = new ArrayList<>();
  private long readyInputBytes;
  private long ordinal;
  private int running;
  private boolean filling;
  private boolean closed;
  private Loop.@Nullable Cancellable timer;
  private long timerMillis;

  EndpointInvoker(int partition, Invokers node, Host host, Endpoints endpoints) {
    this.partition = partition;
    this.node = node;
    this.host = host;
    this.endpoints = endpoints;
    this.routes = node.routes();
    this.activations = new Activations(node.options(), ready);
  }

  // ---- what the leader asks ----

  @Override
  public void run(Invocation invocation, @Nullable JournalEntry input) {
    if (closed) {
      return;
    }
    Activation known = activations.get(invocation.id());
    if (known != null && known.incarnation() == invocation.incarnation()) {
      return;
    }
    if (known != null) {
      supersede(known);
    }
    Activation activation = new Activation(this, invocation, input);
    activations.add(activation);
    place(activation);
  }

  /** There is nothing to run any more, or the id has begun another life. */
  private void supersede(Activation known) {
    boolean held = known.isRunning();
    known.abandon();
    activations.remove(known);
    if (held) {
      placeIsFree();
    }
  }

  @Override
  public void abort(InvocationId id, long incarnation) {
    Activation known = find(id, incarnation);
    if (known != null) {
      supersede(known);
    }
  }

  @Override
  public void pause(InvocationId id, long incarnation) {
    Activation known = find(id, incarnation);
    if (known != null) {
      known.pause();
    }
  }

  @Override
  public void hurry(InvocationId id, long incarnation) {
    Activation known = find(id, incarnation);
    if (known != null) {
      known.hurry();
    }
  }

  private @Nullable Activation find(InvocationId id, long incarnation) {
    Activation activation = activations.get(id);
    return activation != null && activation.incarnation() == incarnation ? activation : null;
  }

  @Override
  public void notify(InvocationId id, long incarnation, int index, JournalEntry notification) {
    Activation activation = find(id, incarnation);
    if (activation != null) {
      activation.notification(index, notification);
    }
  }

  @Override
  public void flush() {
    endpoints.flush();
  }

  @Override
  public Room room(String service) {
    return activations.room(service);
  }

  @Override
  public @Nullable Activity activity(InvocationId id) {
    Activation activation = activations.get(id);
    return activation == null ? null : activation.activity();
  }

  @Override
  public long registryVersion() {
    return routes.registryVersion();
  }

  @Override
  public int mayPin(String deployment) {
    return unpinned.on(deployment);
  }

  @Override
  public void close() {
    closed = true;
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
    activations.abandonAll();
    node.counters().readyChanged(-ready.size());
    ready.clear();
    node.memory().leave(place);
    // What is left has said its last word and only waits for the endpoint to end its response.
    for (Attempt each = attempts.first(); each != null; each = attempts.first()) {
      each.letGo();
      attempts.remove(each);
    }
    for (int i = 0; i < running; i++) {
      node.counters().attemptOver();
    }
    running = 0;
    endpoints.flush();
  }

  // ---- places ----

  /** The activation is to have an attempt as soon as there is a place. */
  void place(Activation activation) {
    if (closed || activation.isOver()) {
      return;
    }
    if (activation.pauses()) {
      activation.pause();
      return;
    }
    if (running < node.options().attempts()
        && ready.isEmpty()
        && node.memory().tryStart(place, activation.initialBytes())) {
      begin(activation);
      return;
    }
    if (readyInputBytes + activation.inputBytes() > READY_INPUT_BYTES) {
      activation.takeInput();
    }
    readyInputBytes += activation.inputBytes();
    activation.waits();
    ready.add(activation);
    node.counters().readyChanged(1);
    fill();
    if (!ready.isEmpty()) {
      lookAgainAt(nowMillis() + node.options().idleBeforeSuspend().toMillis());
    }
  }

  private void begin(Activation activation) {
    running++;
    node.counters().attemptBegun();
    activation.begin();
  }

  /** An attempt is over. */
  void placeIsFree() {
    running--;
    node.counters().attemptOver();
    fill();
  }

  private void fill() {
    if (filling || closed) {
      // An attempt that fails at once comes here again from below.
      return;
    }
    filling = true;
    boolean hungry = false;
    while (running < node.options().attempts() && !ready.isEmpty()) {
      Activation next = ready.first();
      boolean wanted = next.waitsForPlace();
      if (wanted && !node.memory().tryStart(place, next.initialBytes())) {
        hungry = true;
        lookAgainAt(nowMillis() + LOOK_AGAIN_MILLIS);
        break;
      }
      ready.removeFirst();
      readyInputBytes -= next.inputBytes();
      node.counters().readyChanged(-1);
      if (wanted) {
        begin(next);
      }
    }
    filling = false;
    if (!hungry) {
      node.memory().leave(place);
    }
    sayRoomAgain();
  }

  private void sayRoomAgain() {
    if (!closed && activations.hasRoomAgain()) {
      host.roomAgain();
    }
  }

  void remove(Activation activation) {
    activations.remove(activation);
    sayRoomAgain();
  }

  /** Asks attempts that only wait to give their places to others, the longest silent first. */
  private void relieve(long nowMillis) {
    int wanted = ready.size();
    for (Attempt each = attempts.first(); each != null && wanted > 0; each = each.after) {
      long idle = nowMillis - each.lastFrameMillis();
      if (each.askedToSuspend()) {
        wanted--;
      } else if (idle >= idleEnough(each) && each.onlyWaits()) {
        each.askToSuspend();
        node.counters().suspensionAsked();
        wanted--;
      }
    }
  }

  /** A step may be at work in silence: it is given much longer, but not for ever. */
  private long idleEnough(Attempt attempt) {
    long idle = node.options().idleBeforeSuspend().toMillis();
    return attempt.runsSteps() ? idle * STEP_PATIENCE : idle;
  }

  // ---- time ----

  long nowMillis() {
    return host.nowMillis();
  }

  /** Makes sure that attempts are looked at by then. */
  void lookAgainAt(long atMillis) {
    if (closed || (timer != null && timerMillis <= atMillis)) {
      return;
    }
    if (timer != null) {
      timer.cancel();
    }
    timerMillis = atMillis;
    Duration delay = Duration.ofMillis(Math.max(1, atMillis - nowMillis()));
    timer = host.loop().schedule(delay, this::look);
  }

  private void look() {
    timer = null;
    if (closed) {
      return;
    }
    long now = nowMillis();
    if (!ready.isEmpty()) {
      fill();
      relieve(now);
      lookAgainAt(now + node.options().idleBeforeSuspend().toMillis());
    }
    for (Attempt each = attempts.first(); each != null; each = each.after) {
      looking.add(each);
    }
    long next = Long.MAX_VALUE;
    for (Attempt each : looking) {
      next = Math.min(next, each.check(now));
    }
    looking.clear();
    if (next != Long.MAX_VALUE) {
      lookAgainAt(next);
    }
    endpoints.flush();
  }

  // ---- what attempts need ----

  AttemptId nextAttemptId() {
    return new AttemptId(host.epoch(), ++ordinal);
  }

  int partition() {
    return partition;
  }

  Invokers node() {
    return node;
  }

  Host host() {
    return host;
  }

  Endpoints endpoints() {
    return endpoints;
  }

  Routes routes() {
    return routes;
  }

  Unpinned unpinned() {
    return unpinned;
  }

  AttemptList attempts() {
    return attempts;
  }
}
