package dev.reprise.chaos.check;

import dev.reprise.chaos.history.Act;
import org.jspecify.annotations.Nullable;

/**
 * A register: {@code write} of a value; {@code read}; {@code cas} of {@code expected,new}, which
 * answers whether it was done. Empty at first.
 */
public final class RegisterModel implements Model<String> {
  @Override
  public String initial() {
    return "";
  }

  @Override
  public @Nullable String after(String state, Act act) {
    return switch (act.verb()) {
      case "write" -> act.input();
      case "read" -> !act.done() || act.output().equals(state) ? state : null;
      case "cas" -> swapped(state, act);
      default -> throw new IllegalArgumentException("Expected an act of a register, but: " + act);
    };
  }

  private static @Nullable String swapped(String state, Act act) {
    int comma = act.input().indexOf(',');
    boolean swaps = act.input().substring(0, comma).equals(state);
    if (act.done() && swaps != Boolean.parseBoolean(act.output())) {
      return null;
    }
    return swaps ? act.input().substring(comma + 1) : state;
  }
}
