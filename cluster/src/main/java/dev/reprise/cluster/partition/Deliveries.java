package dev.reprise.cluster.partition;

import dev.reprise.cluster.engine.Command;
import dev.reprise.cluster.engine.Result;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Brings messages to the leader of another partition. Any thread; the answer comes on any thread.
 */
public interface Deliveries {
  /**
   * Hands the messages over; answered once, with how far the receiver has come, or with null when
   * that is not known.
   */
  void deliver(int receiver, Command.Deliver messages, Consumer<@Nullable Result> answer);
}
