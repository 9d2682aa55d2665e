package dev.reprise.cluster.simulation;

import dev.reprise.api.MessageType;
import dev.reprise.api.protocol.NotificationTemplate;
import dev.reprise.storage.model.Bytes;
import dev.reprise.storage.model.JournalEntry;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The notifications that an attempt was told, and in which order they stand in the journal. */
final class Heard {
  private final Map<Integer, Bytes> completions = new HashMap<>();
  private final Map<Integer, Integer> places = new HashMap<>();
  private final Map<Integer, Bytes> signals = new HashMap<>();
  private int cancelledAt = Integer.MAX_VALUE;

  void hear(int index, JournalEntry notification) {
    NotificationTemplate frame = Context.parse(notification.payload());
    if (notification.type() != MessageType.SIGNAL) {
      completions.put(frame.getCompletionId(), notification.payload());
      places.put(frame.getCompletionId(), index);
    } else if (frame.getSignalIdx() == MessageType.CANCEL_SIGNAL) {
      cancelledAt = Math.min(cancelledAt, index);
    } else if (signals.put(frame.getSignalIdx(), notification.payload()) != null) {
      throw new AssertionError("⑫ Expected one value of an awakeable, but there are two");
    }
  }

  boolean has(int completion) {
    return completions.containsKey(completion);
  }

  @Nullable Bytes completion(int completion) {
    return completions.get(completion);
  }

  @Nullable Bytes signal(int index) {
    return signals.get(index);
  }

  /** Whether the invocation was asked to cancel before this completion came, if it has come. */
  boolean cancelledBefore(int completion) {
    return cancelledAt < places.getOrDefault(completion, Integer.MAX_VALUE);
  }
}
