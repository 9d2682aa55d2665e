package dev.reprise.chaos.workload;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Keys that are used for a while and then left, so that each one's history stays short enough to be
 * judged. Any thread.
 *
 * @param drawn how many acts there were
 * @param each how many a key gets
 */
record Keys(String prefix, int each, AtomicInteger drawn) {
  Keys(String prefix, int each) {
    this(prefix, each, new AtomicInteger());
  }

  /** A fresh small number within its key. */
  record Draw(String key, int number) {}

  Draw draw() {
    int number = drawn.getAndIncrement();
    return new Draw(prefix + number / each, number % each);
  }

  /** Of all keys that were drawn: how many. */
  int count() {
    return (drawn.get() + each - 1) / each;
  }

  String key(int index) {
    return prefix + index;
  }
}
