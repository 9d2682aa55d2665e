package dev.reprise.storage.model;

import java.util.List;

/**
 * What a suspended invocation waits for: a tree whose leaves are completions and signals. Never
 * empty, and no deeper than {@link #DEPTH_LIMIT} where it is written down.
 *
 * @param completions leaves of this node: completion ids
 * @param signals leaves of this node: signal indexes
 * @param names leaves of this node: names of signals
 * @param nested the nodes below
 */
public record Awaiting(
    Combinator combinator,
    List<Integer> completions,
    List<Integer> signals,
    List<String> names,
    List<Awaiting> nested) {
  /** Nodes above each other, the root included. */
  public static final int DEPTH_LIMIT = 1_000;

  public Awaiting {
    completions = List.copyOf(completions);
    signals = List.copyOf(signals);
    names = List.copyOf(names);
    nested = List.copyOf(nested);
    if (completions.isEmpty() && signals.isEmpty() && names.isEmpty() && nested.isEmpty()) {
      throw new IllegalArgumentException("Expected something to wait for, but got nothing");
    }
  }

  /** Any one of these. */
  public static Awaiting any(List<Integer> completions, List<Integer> signals, List<String> names) {
    return new Awaiting(Combinator.FIRST_COMPLETED, completions, signals, names, List.of());
  }

  // By hand, with one small stack frame for each level: the ones that records come with need so
  // many that a tree of the allowed depth would overflow the stack.

  @Override
  public boolean equals(Object other) {
    return this == other || (other instanceof Awaiting that && sameAs(that));
  }

  private boolean sameAs(Awaiting that) {
    boolean same =
        combinator == that.combinator
            && nested.size() == that.nested.size()
            && completions.equals(that.completions)
            && signals.equals(that.signals)
            && names.equals(that.names);
    for (int i = 0; same && i < nested.size(); i++) {
      same = nested.get(i).sameAs(that.nested.get(i));
    }
    return same;
  }

  @Override
  public int hashCode() {
    int hash = combinator.code();
    hash = hash * 31 + completions.hashCode();
    hash = hash * 31 + signals.hashCode();
    hash = hash * 31 + names.hashCode();
    for (int i = 0; i < nested.size(); i++) {
      hash = hash * 31 + nested.get(i).hashCode();
    }
    return hash;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    print(text);
    return text.toString();
  }

  private void print(StringBuilder text) {
    text.append(combinator).append('(');
    completions.forEach(it -> text.append(Integer.toUnsignedString(it)).append(' '));
    signals.forEach(it -> text.append("signal ").append(Integer.toUnsignedString(it)).append(' '));
    names.forEach(it -> text.append("signal '").append(it).append("' "));
    for (int i = 0; i < nested.size(); i++) {
      nested.get(i).print(text);
      text.append(' ');
    }
    text.setCharAt(text.length() - 1, ')');
  }

  /** When a node is complete, and as what. The code is stored; each is given once. */
  public enum Combinator {
    /** With any child; nobody but the code knows as what. */
    UNKNOWN(0),
    /** With any child. */
    FIRST_COMPLETED(1),
    /** With the last child, as a success. */
    ALL_COMPLETED(2),
    /** With the first child that succeeds, or the last that fails. */
    FIRST_SUCCEEDED_OR_ALL_FAILED(3),
    /** With the last child that succeeds, or the first that fails. */
    ALL_SUCCEEDED_OR_FIRST_FAILED(4);

    private static final Combinator[] BY_CODE = {
      UNKNOWN,
      FIRST_COMPLETED,
      ALL_COMPLETED,
      FIRST_SUCCEEDED_OR_ALL_FAILED,
      ALL_SUCCEEDED_OR_FIRST_FAILED
    };

    private final int code;

    Combinator(int code) {
      this.code = code;
    }

    public int code() {
      return code;
    }

    public static Combinator ofCode(int code) {
      if (code < 0 || code >= BY_CODE.length) {
        throw new IllegalArgumentException("Expected a combinator from 0 to 4, but got " + code);
      }
      return BY_CODE[code];
    }

    /** Whether it matters to this node how its children end. */
    public boolean asksHow() {
      return this == FIRST_SUCCEEDED_OR_ALL_FAILED || this == ALL_SUCCEEDED_OR_FIRST_FAILED;
    }
  }
}
