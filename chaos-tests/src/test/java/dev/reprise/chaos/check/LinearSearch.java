package dev.reprise.chaos.check;

import dev.reprise.chaos.check.Linearizability.Answer;
import dev.reprise.chaos.history.Act;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One search for an order of one key's acts. Begins and ends stand in a list in the order of time;
 * an act that is put in order is lifted out. What reaches an end that is still there has to go back
 * and try otherwise; a set of acts in order with the same state after them is tried once.
 *
 * <p>An act of unknown fate has no end: it may stay where it is.
 */
final class LinearSearch<S> {
  private final Model<S> model;
  private final int steps;
  private final Mark head = new Mark(null, 0, 0);
  private int unanswered;

  /** A begin, or an end. */
  private static final class Mark {
    /** Null of an end, and of the head. */
    final @Nullable Act act;

    final int number;
    final long at;
    @Nullable Mark end;
    @Nullable Mark previous;
    @Nullable Mark next;

    Mark(@Nullable Act act, int number, long at) {
      this.act = act;
      this.number = number;
      this.at = at;
    }

    void lift() {
      Mark before = previous;
      Mark after = next;
      if (before != null) {
        before.next = after;
      }
      if (after != null) {
        after.previous = before;
      }
    }

    void putBack() {
      if (previous != null) {
        previous.next = this;
      }
      if (next != null) {
        next.previous = this;
      }
    }
  }

  private record Chosen<S>(Mark begin, S before) {}

  private record Tried<S>(BitSet acts, S state) {}

  LinearSearch(Model<S> model, List<Act> acts, int steps) {
    this.model = model;
    this.steps = steps;
    List<Mark> marks = new ArrayList<>();
    for (int i = 0; i < acts.size(); i++) {
      Act act = acts.get(i);
      Mark begin = new Mark(act, i, act.begin());
      marks.add(begin);
      if (act.done()) {
        begin.end = new Mark(null, i, act.end());
        marks.add(begin.end);
        unanswered++;
      }
    }
    // At the same instant begins stand first: then the acts may be put in either order.
    marks.sort(
        Comparator.comparingLong((Mark it) -> it.at).thenComparing(it -> it.act == null ? 1 : 0));
    Mark last = head;
    for (Mark mark : marks) {
      last.next = mark;
      mark.previous = last;
      last = mark;
    }
  }

  Answer answer() {
    Deque<Chosen<S>> order = new ArrayDeque<>();
    Set<Tried<S>> tried = new HashSet<>();
    BitSet chosen = new BitSet();
    S state = model.initial();
    Mark mark = head.next;
    for (int step = 0; unanswered > 0; step++) {
      if (step >= steps) {
        return Answer.GAVE_UP;
      }
      if (mark == null || mark.act == null) {
        if (order.isEmpty()) {
          return Answer.NO;
        }
        Chosen<S> back = order.pop();
        state = back.before();
        chosen.clear(back.begin().number);
        putBack(back.begin());
        mark = back.begin().next;
        continue;
      }
      S after = model.after(state, mark.act);
      if (after == null || !isNew(tried, chosen, mark, after)) {
        mark = mark.next;
        continue;
      }
      order.push(new Chosen<>(mark, state));
      chosen.set(mark.number);
      state = after;
      lift(mark);
      mark = head.next;
    }
    return Answer.YES;
  }

  private static <S> boolean isNew(Set<Tried<S>> tried, BitSet chosen, Mark mark, S after) {
    BitSet more = (BitSet) chosen.clone();
    more.set(mark.number);
    return tried.add(new Tried<>(more, after));
  }

  private void lift(Mark begin) {
    begin.lift();
    if (begin.end != null) {
      begin.end.lift();
      unanswered--;
    }
  }

  private void putBack(Mark begin) {
    if (begin.end != null) {
      begin.end.putBack();
      unanswered++;
    }
    begin.putBack();
  }
}
