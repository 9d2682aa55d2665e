package dev.reprise.cluster.simulation;

import dev.reprise.cluster.codec.CommandCodec;
import dev.reprise.cluster.engine.Action;
import dev.reprise.cluster.engine.Command;
import dev.reprise.cluster.engine.LogEntry;
import dev.reprise.cluster.engine.OpenWork;
import dev.reprise.cluster.engine.PartitionStateMachine;
import dev.reprise.cluster.engine.PromiseChecks;
import dev.reprise.cluster.engine.Result;
import dev.reprise.cluster.engine.Statement;
import dev.reprise.cluster.engine.TableChecks;
import dev.reprise.cluster.log.LogPosition;
import dev.reprise.cluster.partition.RuledPartition;
import dev.reprise.storage.kv.Contents;
import dev.reprise.storage.kv.KeyValueStore;
import dev.reprise.storage.kv.memory.MemoryStore;
import dev.reprise.storage.model.Completed;
import dev.reprise.storage.model.Invocation;
import dev.reprise.storage.model.NewInvocation;
import dev.reprise.storage.model.OutboxMessage;
import dev.reprise.storage.model.TimerKey;
import dev.reprise.storage.table.Applied;
import dev.reprise.storage.table.Tables;
import dev.reprise.storage.table.TablesView;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Watches one partition: applies each committed entry once, when the first replica does, and checks
 * after it what must hold after every step.
 */
final class Judge {
  private static final int LOOK_EVERY = 16;

  private final int partition;
  private final RuledPartition.Rules rules;
  private final Lives lives;
  private final MemoryStore store = new MemoryStore();
  private final Tables tables = new Tables(store);
  private final TableChecks checks;
  private final PromiseChecks promises = new PromiseChecks(store);
  private final OpenWork open = OpenWork.of(store);
  private final Transcript transcript;
  private final List<Long> hashes = new ArrayList<>(List.of(0L));

  /** Rows of the whole store at some indexes. */
  private final Map<Long, Contents> looks = new HashMap<>();

  private long judged;

  Judge(int partition, RuledPartition.Rules rules, Lives lives, Transcript transcript) {
    this.partition = partition;
    this.rules = rules;
    this.lives = lives;
    this.transcript = transcript;
    this.checks = new TableChecks(partition, new TablesView(store));
  }

  TablesView view() {
    return new TablesView(store);
  }

  PromiseChecks promises() {
    return promises;
  }

  boolean hasNothingToShip() {
    return open.messages().isEmpty();
  }

  KeyValueStore store() {
    return store;
  }

  /** A replica has applied this entry; ① its bytes must be what they are everywhere. */
  void applied(int node, LogPosition at, byte[] bytes, KeyValueStore replica) {
    if (at.index() > judged) {
      judge(at, bytes);
    }
    Applied held = TablesView.applied(replica);
    if (held.index() != at.index()) {
      return; // A mistake is planted: this replica does not keep to the log.
    }
    if (held.hash() != hashes.get((int) at.index())) {
      throw new AssertionError(
          "① Expected node " + node + " to hold at " + at + " what others hold, but it differs");
    }
    Contents look = looks.get(at.index());
    if (look != null && !look.equals(Contents.of(replica))) {
      throw new AssertionError("① Expected equal rows at " + at + " on node " + node);
    }
  }

  private void judge(LogPosition at, byte[] bytes) {
    while (hashes.size() < at.index()) {
      hashes.add(hashes.getLast()); // The log's own entries.
    }
    LogEntry entry = CommandCodec.decode(bytes);
    Applied before = tables.applied();
    List<TimerKey> timers = List.copyOf(open.timers());
    PartitionStateMachine.Effects effects = rules.apply(entry, at.index(), tables);
    tables.commit(at.term(), at.index());
    judged = at.index();
    hashes.add(tables.applied().hash());
    transcript.line(() -> Words.of(partition, at.index(), entry, effects));
    checkEpoch(entry, before);
    checkTimers(entry, timers);
    open.follow(entry, effects);
    takeDown(entry, effects, at.index());
    checks.after(entry);
    promises.after(entry, effects);
    if (judged % LOOK_EVERY == 0) {
      looks.put(judged, Contents.of(store));
      checks.look();
      checkOpenWork();
    }
  }

  /** ⑨ What an old epoch says changes nothing. */
  private void checkEpoch(LogEntry entry, Applied before) {
    boolean announces = entry.epoch() == 0;
    Applied after = tables.applied();
    boolean changed =
        after.hash() != before.hash()
            || after.clockMillis() != before.clockMillis()
            || after.epoch() != before.epoch();
    if (!announces && entry.epoch() != before.epoch() && changed) {
      throw new AssertionError(
          "⑨ Expected an entry of epoch " + entry.epoch() + " to change nothing, but it did");
    }
  }

  /** ⑧ No timer fires before its time. */
  private void checkTimers(LogEntry entry, List<TimerKey> before) {
    for (Command command : entry.commands()) {
      if (command instanceof Command.FireTimers fire) {
        for (TimerKey timer : fire.timers()) {
          boolean fired = before.contains(timer) && !checks.hasTimer(timer);
          if (fired && timer.atMillis() > tables.applied().clockMillis()) {
            throw new AssertionError("⑧ Expected " + timer + " to wait for its time");
          }
        }
      }
    }
  }

  /** ⑦ What a new leader would read covers every action that is still to be carried out. */
  private void checkOpenWork() {
    OpenWork read = OpenWork.of(store);
    List<?> missing =
        open.toRun().stream()
            .filter(it -> checks.isInvoked(it) && !read.toRun().contains(it))
            .toList();
    boolean covered =
        missing.isEmpty()
            && read.timers().containsAll(open.timers())
            && read.messages().containsAll(open.messages());
    if (!covered) {
      throw new AssertionError("⑦ Expected " + open + " to be open, but a leader reads " + read);
    }
  }

  private void takeDown(LogEntry entry, PartitionStateMachine.Effects effects, long index) {
    List<NewInvocation> asked = new ArrayList<>();
    for (int i = 0; i < entry.commands().size(); i++) {
      asked(entry.commands().get(i), effects.results().get(i), asked);
    }
    asked.forEach(it -> born(it, index));
    for (Action action : effects.actions()) {
      if (action instanceof Action.Announce announce) {
        bornAndDead(announce.completed(), asked);
        lives.ended(announce.completed());
      }
    }
    for (Result result : effects.results()) {
      if (result instanceof Result.Faulted faulted) {
        throw new AssertionError("Expected no fault, but " + faulted.reason());
      }
    }
  }

  /** What a command may have made. */
  private void asked(Command command, Result result, List<NewInvocation> asked) {
    switch (command) {
      case Command.Invoke invoke -> asked.add(invoke.invocation());
      case Command.AttemptSaid said -> {
        for (Statement statement : said.statements()) {
          if (statement instanceof Statement.Called called && called.receiver() == partition) {
            asked.add(called.callee());
          }
        }
      }
      case Command.Deliver deliver -> {
        for (OutboxMessage message : deliver.messages()) {
          if (message instanceof OutboxMessage.Create create) {
            asked.add(create.invocation());
          }
        }
      }
      case Command.Restart restart -> {
        if (result instanceof Result.Open open) {
          asked.add(lives.restarted(restart, open.invocation()));
        }
      }
      default -> {}
    }
  }

  /** What this entry made has this entry's index in its incarnation. */
  private void born(NewInvocation asked, long index) {
    Invocation made = view().invocation(asked.id());
    if (made == null) {
      return;
    }
    boolean now = made.incarnation() >>> 20 == index;
    if (now && !lives.isBorn(asked.id(), made.incarnation())) {
      // Of a call, the rules choose the request.
      lives.born(asked.madeBy(made.creation().request()), made.incarnation());
    }
  }

  /** Made and ended by one entry. */
  private void bornAndDead(Completed completed, List<NewInvocation> asked) {
    if (lives.isBorn(completed.id(), completed.creation().incarnation())) {
      return;
    }
    asked.stream()
        .filter(it -> it.id().equals(completed.id()))
        .findFirst()
        .ifPresent(
            it ->
                lives.born(
                    it.madeBy(completed.creation().request()), completed.creation().incarnation()));
  }
}
