package dev.reprise.sdk.core;

import com.google.protobuf.ByteString;
import dev.reprise.api.protocol.Failure;
import dev.reprise.api.protocol.NotificationTemplate;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The notifications of one attempt in the order of the journal. They become visible one at a time,
 * and only when an await needs one more: so each replay sees the same ones at the same place.
 */
final class Notifications {
  private record Arrived(NotificationId id, NotificationResult result) {}

  private final Queue<Arrived> unread = new ArrayDeque<>();
  private final Map<NotificationId, NotificationResult> read = new HashMap<>();
  private final Set<NotificationId> known = new HashSet<>();

  /** False when the message lacks its id or its result. */
  boolean add(NotificationTemplate message) {
    NotificationId id = idOf(message);
    NotificationResult result = resultOf(message);
    if (id == null || result == null) {
      return false;
    }
    add(id, result);
    return true;
  }

  void add(NotificationId id, NotificationResult result) {
    known.add(id);
    unread.add(new Arrived(id, result));
  }

  /** Makes the next one visible; false when there is none. */
  boolean advance() {
    Arrived next = unread.poll();
    if (next == null) {
      return false;
    }
    read.put(next.id(), next.result());
    return true;
  }

  /** Takes a visible result, once. */
  @Nullable NotificationResult take(NotificationId id) {
    return read.remove(id);
  }

  /** Whether the server has sent it, visible or not. */
  boolean knows(NotificationId id) {
    return known.contains(id);
  }

  private static @Nullable NotificationId idOf(NotificationTemplate message) {
    return switch (message.getIdCase()) {
      case COMPLETION_ID -> new NotificationId.Completion(message.getCompletionId());
      case SIGNAL_IDX -> new NotificationId.Signal(message.getSignalIdx());
      case SIGNAL_NAME -> new NotificationId.NamedSignal(message.getSignalName());
      case ID_NOT_SET -> null;
    };
  }

  private static NotificationResult failed(Failure failure) {
    var metadata = new HashMap<String, String>();
    failure.getMetadataList().forEach(it -> metadata.put(it.getKey(), it.getValue()));
    return new NotificationResult.Failed(failure.getCode(), failure.getMessage(), metadata);
  }

  private static @Nullable NotificationResult resultOf(NotificationTemplate message) {
    return switch (message.getResultCase()) {
      case VOID -> new NotificationResult.Empty();
      case VALUE -> new NotificationResult.Success(message.getValue().getContent());
      case FAILURE -> failed(message.getFailure());
      case INVOCATION_ID -> new NotificationResult.InvocationId(message.getInvocationId());
      case STATE_KEYS ->
          new NotificationResult.StateKeys(
              message.getStateKeys().getKeysList().stream().map(ByteString::toStringUtf8).toList());
      case RESULT_NOT_SET -> null;
    };
  }
}
