package dev.reprise.cluster.log;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A replica whose state is the list of what it was told. It checks the order of the calls as it
 * goes, and wakes whoever waits for it. Any thread.
 */
public final class RecordingReplica implements Replica {
  /** What was applied, and where. */
  public static final class Told {
    private final LogPosition at;
    private final byte[] entry;

    /** Takes the array over. */
    public Told(LogPosition at, byte[] entry) {
      this.at = at;
      this.entry = entry;
    }

    /** Where it stands. */
    public LogPosition at() {
      return at;
    }

    /** Its bytes. */
    public byte[] entry() {
      return entry;
    }

    /** The entry as text; long ones are cut. */
    public String text() {
      return new String(entry, 0, Math.min(entry.length, 40), StandardCharsets.UTF_8);
    }
  }

  private final LogPosition start;
  private final Runnable onChange;
  private final List<Told> told = new ArrayList<>();
  private final List<Long> failedProposals = new ArrayList<>();
  private final List<Long> terms = new ArrayList<>();
  private final List<String> violations = new ArrayList<>();
  private LogPosition applied;
  private LogPosition flushed;
  private long leading;
  private @Nullable Throwable failure;
  private Predicate<String> poison = text -> false;

  /** An empty replica; {@code onChange} is called after every call. */
  public RecordingReplica(Runnable onChange) {
    this(onChange, List.of(), LogPosition.NOTHING);
  }

  private RecordingReplica(Runnable onChange, List<Told> held, LogPosition applied) {
    this.onChange = onChange;
    this.told.addAll(held);
    this.start = applied;
    this.applied = applied;
    this.flushed = applied;
  }

  /** What a crash leaves of this one if its store had flushed the first {@code entries}. */
  public synchronized RecordingReplica survivingWith(int entries) {
    List<Told> held = List.copyOf(told.subList(0, entries));
    LogPosition position = entries == 0 ? LogPosition.NOTHING : held.getLast().at();
    return new RecordingReplica(onChange, held, position);
  }

  /** What a restart in order leaves: everything. */
  public synchronized RecordingReplica reopened() {
    return new RecordingReplica(onChange, told, applied);
  }

  /** Makes apply throw at such an entry. */
  public synchronized RecordingReplica failingAt(String text) {
    poison = text::equals;
    return this;
  }

  /** The state is durable up to here. */
  public synchronized void flush() {
    flushed = applied;
  }

  @Override
  public synchronized LogPosition applied() {
    return applied;
  }

  @Override
  public synchronized LogPosition flushed() {
    return flushed;
  }

  @Override
  public void apply(LogPosition at, byte[] entry) {
    Told next = new Told(at, entry.clone());
    synchronized (this) {
      if (poison.test(next.text())) {
        throw new IllegalStateException("poisoned by " + next.text());
      }
      moveTo(at);
      told.add(next);
    }
    onChange.run();
  }

  @Override
  public void advanced(LogPosition at) {
    synchronized (this) {
      moveTo(at);
    }
    onChange.run();
  }

  private void moveTo(LogPosition at) {
    if (failure != null) {
      violations.add("told " + at + " after it had failed");
    }
    if (at.index() <= applied.index() || at.term() < applied.term()) {
      violations.add("told " + at + " after " + applied);
    }
    applied = at;
  }

  @Override
  public void leaderReady(long term) {
    synchronized (this) {
      if (!terms.isEmpty() && term <= terms.getLast()) {
        violations.add("leads in term " + term + " after term " + terms.getLast());
      }
      if (applied.term() > term) {
        violations.add("leads in term " + term + " after an entry of term " + applied.term());
      }
      terms.add(term);
      leading = term;
    }
    onChange.run();
  }

  @Override
  public void leadershipLost() {
    synchronized (this) {
      leading = 0;
    }
    onChange.run();
  }

  @Override
  public void proposalFailed(long term, Throwable cause) {
    synchronized (this) {
      failedProposals.add(term);
    }
    onChange.run();
  }

  @Override
  public void failed(Throwable cause) {
    synchronized (this) {
      failure = cause;
    }
    onChange.run();
  }

  /** What it holds, oldest first. */
  public synchronized List<Told> told() {
    return List.copyOf(told);
  }

  /** The same as text. */
  public synchronized List<String> texts() {
    return told.stream().map(Told::text).toList();
  }

  /** Where it began. */
  public LogPosition start() {
    return start;
  }

  /** The term in which it leads now, if any. */
  public synchronized OptionalLong leading() {
    return leading == 0 ? OptionalLong.empty() : OptionalLong.of(leading);
  }

  /** The terms in which it was ready to lead, rising. */
  public synchronized List<Long> terms() {
    return List.copyOf(terms);
  }

  /** The terms of failed proposals, as they were told. */
  public synchronized List<Long> failedProposals() {
    return List.copyOf(failedProposals);
  }

  /** Why it was closed, if it was. */
  public synchronized @Nullable Throwable failure() {
    return failure;
  }

  /** Calls that the contract forbids. */
  public synchronized List<String> violations() {
    return List.copyOf(violations);
  }
}
