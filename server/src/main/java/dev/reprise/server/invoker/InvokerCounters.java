package dev.reprise.server.invoker;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** What a node's invokers have done and hold. Any thread. */
public final class InvokerCounters {
  private final LongAdder attempts = new LongAdder();
  private final LongAdder attemptsOver = new LongAdder();
  private final LongAdder proposals = new LongAdder();
  private final LongAdder statements = new LongAdder();
  private final LongAdder frames = new LongAdder();
  private final LongAdder askedToSuspend = new LongAdder();
  private final LongAdder yields = new LongAdder();
  private final LongAdder ready = new LongAdder();
  private final LongAdder backingOff = new LongAdder();
  private final Map<String, LongAdder> failures = new ConcurrentHashMap<>();

  /** Attempts begun. */
  public long attempts() {
    return attempts.sum();
  }

  /** Attempts that hold one of the places of their partition now. */
  public long running() {
    return attempts.sum() - attemptsOver.sum();
  }

  /** Invocations that wait for a place now. */
  public long ready() {
    return ready.sum();
  }

  /** Invocations that wait for their next try now. */
  public long backingOff() {
    return backingOff.sum();
  }

  /** Commands proposed. */
  public long proposals() {
    return proposals.sum();
  }

  /** Statements in those commands. */
  public long statements() {
    return statements.sum();
  }

  /** Frames read from endpoints. */
  public long frames() {
    return frames.sum();
  }

  /** Attempts that were asked to suspend in favour of one that waited. */
  public long askedToSuspend() {
    return askedToSuspend.sum();
  }

  /** Attempts that were ended because the node's memory was in use. */
  public long yields() {
    return yields.sum();
  }

  /** Failed attempts by code, such as {@code RT0012}. */
  public Map<String, Long> failures() {
    Map<String, Long> sums = new TreeMap<>();
    failures.forEach((code, count) -> sums.put(code, count.sum()));
    return sums;
  }

  void attemptBegun() {
    attempts.increment();
  }

  void attemptOver() {
    attemptsOver.increment();
  }

  void proposed(int count) {
    proposals.increment();
    statements.add(count);
  }

  void frameRead() {
    frames.increment();
  }

  void suspensionAsked() {
    askedToSuspend.increment();
  }

  void yielded() {
    yields.increment();
  }

  void readyChanged(int by) {
    ready.add(by);
  }

  void backingOffChanged(int by) {
    backingOff.add(by);
  }

  void failed(String code) {
    failures.computeIfAbsent(code, any -> new LongAdder()).increment();
  }
}
