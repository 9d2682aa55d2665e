package dev.reprise.sdk.core;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import dev.reprise.api.MessageType;
import dev.reprise.api.protocol.OneWayCallCommandMessage;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tells whether a handler asks for what the journal recorded. */
final class CommandComparison {
  private CommandComparison() {}

  /** What differs, in words; null when both are the same command. */
  static @Nullable String difference(ProtocolMessage recorded, ProtocolMessage asked) {
    if (recorded.type() != asked.type()) {
      return asked.title();
    }
    List<String> fields = differingFields(recorded, asked);
    return fields.isEmpty() ? null : asked.title() + " with another " + String.join(", ", fields);
  }

  private static List<String> differingFields(ProtocolMessage recorded, ProtocolMessage asked) {
    var differing = new ArrayList<String>();
    for (FieldDescriptor field : recorded.body().getDescriptorForType().getFields()) {
      if (!compared(recorded.type(), field)) {
        continue;
      }
      if (!same(recorded.body(), asked.body(), field)) {
        differing.add(
            "%s (recorded: %s, now: %s)"
                .formatted(
                    field.getName(), show(recorded.body(), field), show(asked.body(), field)));
      }
    }
    return differing;
  }

  /** Clocks differ between attempts, so what was computed from one is not compared. */
  private static boolean compared(int type, FieldDescriptor field) {
    return switch (type) {
      case MessageType.SLEEP -> field.getName().equals("name");
      case MessageType.ONE_WAY_CALL ->
          field.getNumber() != OneWayCallCommandMessage.INVOKE_TIME_FIELD_NUMBER;
      default -> true;
    };
  }

  private static boolean same(Message recorded, Message asked, FieldDescriptor field) {
    if (field.hasPresence() && recorded.hasField(field) != asked.hasField(field)) {
      return false;
    }
    return recorded.getField(field).equals(asked.getField(field));
  }

  /** Payloads are private: only their size is shown. */
  private static String show(Message message, FieldDescriptor field) {
    if (field.hasPresence() && !message.hasField(field)) {
      return "none";
    }
    return switch (message.getField(field)) {
      case ByteString bytes ->
          field.getName().equals("key")
              ? "\"" + bytes.toStringUtf8() + "\""
              : bytes.size() + " bytes";
      case String text -> "\"" + text + "\"";
      case Integer number -> Integer.toUnsignedString(number);
      case Message nested -> nested.getSerializedSize() + " bytes";
      case List<?> list -> list.size() + " items";
      case Object other -> other.toString();
    };
  }
}
