package dev.reprise.chaos.check;

import dev.reprise.chaos.history.Act;
import org.jspecify.annotations.Nullable;

/**
 * What a thing would do if it were one thing, used by one client at a time.
 *
 * @param <S> its state: immutable, with equality
 */
public interface Model<S> {
  S initial();

  /**
   * The state after the act; null when the act cannot have been answered so in this state. An act
   * of unknown fate has no answer, and can be done in any state.
   */
  @Nullable S after(S state, Act act);
}
