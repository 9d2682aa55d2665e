package dev.reprise.cluster.codec;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import dev.reprise.api.MessageType;
import dev.reprise.api.protocol.NotificationTemplate;
import dev.reprise.storage.model.Bytes;
import dev.reprise.storage.model.InvocationId;
import dev.reprise.storage.model.SignalId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What entries of a journal are to each other, for the rare rules that read one again. Stateless;
 * any thread.
 */
public final class JournalReader {
  /** In every journal command: which completion tells the callee's id. */
  private static final int ID_COMPLETION = 10;

  /** In every journal command: which completion is the result. */
  private static final int RESULT_COMPLETION = 11;

  private JournalReader() {}

  /** Whether a notification tells of a failure. */
  public static boolean failed(Bytes notification) {
    return notification(notification).hasFailure();
  }

  /** Which completion a notification is; 0 when it is none. */
  public static int completionOf(Bytes notification) {
    return notification(notification).getCompletionId();
  }

  /** Which signal a notification is; null when it is none. */
  public static @Nullable SignalId signalOf(Bytes notification) {
    NotificationTemplate frame = notification(notification);
    return switch (frame.getIdCase()) {
      case SIGNAL_IDX -> new SignalId.Index(frame.getSignalIdx());
      case SIGNAL_NAME -> new SignalId.Name(frame.getSignalName());
      case COMPLETION_ID, ID_NOT_SET -> null;
    };
  }

  /** The id that a {@code CALL_INVOCATION_ID} notification tells. */
  public static InvocationId callee(Bytes notification) {
    return InvocationId.parse(notification(notification).getInvocationId());
  }

  private static NotificationTemplate notification(Bytes payload) {
    return JournalFrames.parse(NotificationTemplate.parser(), payload, "a notification");
  }

  /** The completions that answer a journal command of this type. */
  public static List<Integer> completionsOf(int type, Bytes command) {
    boolean awaits =
        switch (type) {
          case MessageType.GET_LAZY_STATE,
              MessageType.GET_LAZY_STATE_KEYS,
              MessageType.GET_PROMISE,
              MessageType.PEEK_PROMISE,
              MessageType.COMPLETE_PROMISE,
              MessageType.SLEEP,
              MessageType.CALL,
              MessageType.ONE_WAY_CALL,
              MessageType.RUN,
              MessageType.ATTACH_INVOCATION,
              MessageType.GET_INVOCATION_OUTPUT ->
              true;
          default -> false;
        };
    return awaits ? completionFields(command) : List.of();
  }

  private static List<Integer> completionFields(Bytes command) {
    List<Integer> completions = new ArrayList<>(2);
    try {
      CodedInputStream in =
          CodedInputStream.newInstance(command.array(), command.offset(), command.length());
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        int field = WireFormat.getTagFieldNumber(tag);
        boolean number = WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_VARINT;
        if (number && (field == ID_COMPLETION || field == RESULT_COMPLETION)) {
          completions.add(in.readUInt32());
        } else {
          in.skipField(tag);
        }
      }
    } catch (IOException e) {
      throw new JournalFrames.Malformed("a journal command", e);
    }
    return completions;
  }
}
