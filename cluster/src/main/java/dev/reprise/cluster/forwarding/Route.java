package dev.reprise.cluster.forwarding;

import dev.reprise.cluster.membership.NodeId;
import dev.reprise.cluster.membership.PartitionReplicas;
import dev.reprise.cluster.partition.Ingress.Answer;
import dev.reprise.cluster.partition.Loop;
import dev.reprise.cluster.partition.Partition;
import dev.reprise.cluster.partition.Question;
import dev.reprise.cluster.partition.Reply;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The way to one partition's leader: who asks, who is parked until there is a leader, and who waits
 * at another node. Confined to the partition's loop, but for what says otherwise.
 */
final class Route {
  /** One too many is refused at once. */
  private static final int PARKED_LIMIT = 16_384;

  private static final Duration FIRST_PAUSE = Duration.ofMillis(10);
  private static final Duration LONGEST_PAUSE = Duration.ofMillis(250);

  /** How long a question of another node waits for this one to lead. */
  private static final Duration SOON = Duration.ofSeconds(1);

  private static final String CLOSED = "the node is being stopped";

  private final int number;
  private final PartitionRouter.Surroundings around;
  private final Loop loop;
  private final Deque<Parked> parked = new ArrayDeque<>();

  /** Those that another node has, for as long as it takes. */
  private final Set<Asking> waiting = new LinkedHashSet<>();

  /** Those that another node has and should answer soon, the oldest first. */
  private final Set<Asking> soon = new LinkedHashSet<>();

  private @Nullable Partition here;

  /** Whom a node named that was asked last. */
  private @Nullable NodeId hint;

  /** Who was asked last in vain. */
  private @Nullable NodeId failed;

  /** The membership's word when it was last looked at. */
  private @Nullable NodeId told;

  private int guesses;
  private Duration pause = FIRST_PAUSE;
  private boolean retrying;
  private boolean watching;
  private boolean closed;

  private record Parked(Pending pending, String reason) {}

  Route(int number, PartitionRouter.Surroundings around) {
    this.number = number;
    this.around = around;
    this.loop = around.loops().apply(number);
  }

  /** Runs the task on the loop, at once when it is there already. Any thread. */
  void onLoop(Runnable task) {
    if (loop.inLoop()) {
      task.run();
    } else {
      loop.execute(task);
    }
  }

  long nanos() {
    return around.nanos().getAsLong();
  }

  long timeoutNanos() {
    return around.answerTimeout().toNanos();
  }

  /**
   * How long something must be remembered, from when it was first asked for, to be known again:
   * twice as long as it is asked for, as logs have clocks of their own.
   */
  long memoryMillis() {
    return 2 * around.answerTimeout().toMillis();
  }

  // ---- where the leader is ----

  /** The partition is here from now on, or not any more. */
  void open(@Nullable Partition opened) {
    here = opened;
    if (opened != null) {
      opened.whenLeading(this::leaderFound);
      leaderFound();
    }
  }

  /** Somebody leads, as far as is known: ask again at once what waits for that. */
  void leaderFound() {
    hint = null;
    failed = null;
    pause = FIRST_PAUSE;
    retry();
    NodeId leader = around.membership().leaderHint(number);
    if (leader != null) {
      moveTo(leader, waiting);
      moveTo(leader, soon);
    }
  }

  /** Something has changed; perhaps who leads. */
  void hintChanged() {
    NodeId leader = around.membership().leaderHint(number);
    if (!Objects.equals(leader, told)) {
      told = leader;
      leaderFound();
    }
  }

  private static void moveTo(NodeId leader, Set<Asking> away) {
    for (Asking asking : List.copyOf(away)) {
      if (!leader.equals(asking.at())) {
        asking.move();
      }
    }
  }

  /** Where the next question goes: to another node, or null for this one. */
  @Nullable NodeId whereTo() {
    if (here != null && here.leadsNow()) {
      return null;
    }
    NodeId known = hint != null ? hint : around.membership().leaderHint(number);
    if (known == null || known.equals(failed)) {
      known = guess();
    }
    return around.membership().self().equals(known) ? null : known;
  }

  /** One replica after the other. */
  private @Nullable NodeId guess() {
    PartitionReplicas placed = around.membership().view().replicasOf(number);
    if (placed == null || placed.replicas().isEmpty()) {
      return null;
    }
    return placed.replicas().get(Math.floorMod(guesses, placed.replicas().size())).node();
  }

  /**
   * A node does not lead, or cannot be reached.
   *
   * @param node null for this one
   * @param leader whom it believes to lead
   */
  void heardOf(@Nullable NodeId node, @Nullable NodeId leader) {
    guesses++;
    failed = node;
    hint = leader != null && !leader.equals(node) ? leader : null;
  }

  /** Who was asked last does lead. */
  void answered() {
    failed = null;
    pause = FIRST_PAUSE;
  }

  // ---- asking ----

  Loop.Cancellable send(Asking asking, OtherNodes.Heard heard) {
    NodeId there = asking.at();
    if (there != null) {
      if (asking.waitsForOutcome()) {
        waiting.add(asking);
      } else {
        soon.add(asking);
        watch();
      }
      return around.others().ask(there, number, asking.question(), heard);
    }
    return askHere(asking.question(), heard.plain());
  }

  private Loop.Cancellable askHere(Question question, Consumer<Reply> reply) {
    Partition open = here;
    String refusal =
        question instanceof Question.Call || question instanceof Question.Submit
            ? around.refusal().get()
            : null;
    if (open == null || !open.leadsNow()) {
      reply.accept(new Reply.NotDone("partition " + number + " has no leader at present"));
      return () -> {};
    }
    if (refusal != null) {
      reply.accept(new Reply.Answered(new Answer.Unavailable(refusal)));
      return () -> {};
    }
    return open.ask(question, reply);
  }

  /**
   * Another node asks. Where this one is about to lead, the question waits for that a moment. Any
   * thread; replied on the loop, once.
   *
   * @return takes the waiting back; any thread
   */
  Loop.Cancellable serve(Question question, OtherNodes.Heard reply) {
    Served served = new Served(question, reply);
    onLoop(served::go);
    return () -> onLoop(served::takeBack);
  }

  /** A question of another node, which looks further itself if this one does not lead. */
  private final class Served implements Pending {
    private final Question question;
    private final OtherNodes.Heard reply;
    private final long deadlineNanos = nanos() + SOON.toNanos();
    private boolean over;
    private Loop.Cancellable underWay = () -> {};

    Served(Question question, OtherNodes.Heard reply) {
      this.question = question;
      this.reply = reply;
    }

    @Override
    public void go() {
      if (over) {
        return;
      }
      boolean leads = here != null && here.leadsNow();
      if (!leads && here != null && isSelf(around.membership().leaderHint(number)) && !isLate()) {
        park(this, "this node is about to lead");
      } else {
        underWay = askHere(question, this::tell);
      }
    }

    private void tell(Reply given) {
      if (!over) {
        over = true;
        reply.hear(given, around.membership().leaderHint(number));
      }
    }

    @Override
    public boolean isLate() {
      return deadlineNanos - nanos() <= 0;
    }

    @Override
    public void giveUp(String reason) {
      tell(new Reply.NotDone(reason));
    }

    void takeBack() {
      over = true;
      underWay.cancel();
    }
  }

  private boolean isSelf(@Nullable NodeId node) {
    return around.membership().self().equals(node);
  }

  /** The asking is not at another node any more. */
  void left(Asking asking) {
    if (!waiting.remove(asking)) {
      soon.remove(asking);
    }
  }

  // ---- waiting for a leader ----

  /** Waits until there is a leader, or it is too late. */
  void park(Pending pending, String reason) {
    if (closed || parked.size() >= PARKED_LIMIT || pending.isLate()) {
      pending.giveUp(reason);
      return;
    }
    parked.add(new Parked(pending, reason));
    if (!retrying) {
      retrying = true;
      loop.schedule(pause, this::tick);
    }
  }

  private void tick() {
    retrying = false;
    Duration doubled = pause.multipliedBy(2);
    pause = doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled;
    retry();
  }

  private void retry() {
    for (int left = parked.size(); left > 0 && !parked.isEmpty(); left--) {
      Parked next = parked.poll();
      if (next.pending().isLate()) {
        next.pending().giveUp(next.reason());
      } else {
        next.pending().go();
      }
    }
  }

  private void watch() {
    if (!watching) {
      watching = true;
      loop.schedule(LONGEST_PAUSE, this::giveUpOverdue);
    }
  }

  private void giveUpOverdue() {
    watching = false;
    for (Asking asking : List.copyOf(soon)) {
      if (!asking.isLate()) {
        break;
      }
      asking.giveUpAway("the leader did not answer in time");
    }
    if (!soon.isEmpty()) {
      watch();
    }
  }

  boolean isOpen() {
    return !closed;
  }

  /** Nothing will be asked from here any more. */
  void close() {
    closed = true;
    here = null;
    while (!parked.isEmpty()) {
      parked.poll().pending().giveUp(CLOSED);
    }
    List.copyOf(waiting).forEach(it -> it.giveUpAway(CLOSED));
    List.copyOf(soon).forEach(it -> it.giveUpAway(CLOSED));
  }
}
