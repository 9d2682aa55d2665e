package dev.reprise.chaos.check;

import dev.reprise.chaos.history.Act;
import java.util.BitSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A set of small numbers: {@code add} of one; {@code read}, which answers all in order, separated
 * by commas. Empty at first.
 */
public final class SetModel implements Model<BitSet> {
  @Override
  public BitSet initial() {
    return new BitSet();
  }

  @Override
  public @Nullable BitSet after(BitSet state, Act act) {
    return switch (act.verb()) {
      case "add" -> with(state, Integer.parseInt(act.input()));
      case "read" -> !act.done() || act.output().equals(text(state)) ? state : null;
      default -> throw new IllegalArgumentException("Expected an act of a set, but: " + act);
    };
  }

  private static BitSet with(BitSet state, int element) {
    BitSet more = (BitSet) state.clone();
    more.set(element);
    return more;
  }

  /** As a read answers it. */
  public static String text(BitSet set) {
    return set.stream().mapToObj(Integer::toString).collect(Collectors.joining(","));
  }
}
