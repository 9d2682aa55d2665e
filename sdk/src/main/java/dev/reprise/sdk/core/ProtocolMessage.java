package dev.reprise.sdk.core;

import static java.util.Map.entry;

import com.google.protobuf.ByteString;
import com.google.protobuf.DiscardUnknownFieldsParser;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import dev.reprise.api.MessageType;
import dev.reprise.api.protocol.AttachInvocationCommandMessage;
import dev.reprise.api.protocol.CallCommandMessage;
import dev.reprise.api.protocol.ClearAllStateCommandMessage;
import dev.reprise.api.protocol.ClearStateCommandMessage;
import dev.reprise.api.protocol.CompleteAwakeableCommandMessage;
import dev.reprise.api.protocol.CompletePromiseCommandMessage;
import dev.reprise.api.protocol.GetEagerStateCommandMessage;
import dev.reprise.api.protocol.GetEagerStateKeysCommandMessage;
import dev.reprise.api.protocol.GetInvocationOutputCommandMessage;
import dev.reprise.api.protocol.GetLazyStateCommandMessage;
import dev.reprise.api.protocol.GetLazyStateKeysCommandMessage;
import dev.reprise.api.protocol.GetPromiseCommandMessage;
import dev.reprise.api.protocol.InputCommandMessage;
import dev.reprise.api.protocol.NotificationTemplate;
import dev.reprise.api.protocol.OneWayCallCommandMessage;
import dev.reprise.api.protocol.OutputCommandMessage;
import dev.reprise.api.protocol.PeekPromiseCommandMessage;
import dev.reprise.api.protocol.ProposeRunCompletionAckMessage;
import dev.reprise.api.protocol.RunCommandMessage;
import dev.reprise.api.protocol.SendSignalCommandMessage;
import dev.reprise.api.protocol.SetStateCommandMessage;
import dev.reprise.api.protocol.SleepCommandMessage;
import dev.reprise.api.protocol.StartMessage;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One message of the service protocol: the type that its frame carries, and its body.
 *
 * @param requestsAck whether the server is to say when it is durable
 */
public record ProtocolMessage(int type, Message body, boolean requestsAck) {
  public ProtocolMessage(int type, Message body) {
    this(type, body, false);
  }

  /** What a server may send. Fields that we do not know are dropped: they must not look changed. */
  private static final Map<Integer, Parser<? extends Message>> PARSERS =
      Map.ofEntries(
          entry(MessageType.START, StartMessage.parser()),
          entry(MessageType.PROPOSE_RUN_COMPLETION_ACK, ProposeRunCompletionAckMessage.parser()),
          entry(MessageType.INPUT, InputCommandMessage.parser()),
          entry(MessageType.OUTPUT, OutputCommandMessage.parser()),
          entry(MessageType.GET_LAZY_STATE, GetLazyStateCommandMessage.parser()),
          entry(MessageType.SET_STATE, SetStateCommandMessage.parser()),
          entry(MessageType.CLEAR_STATE, ClearStateCommandMessage.parser()),
          entry(MessageType.CLEAR_ALL_STATE, ClearAllStateCommandMessage.parser()),
          entry(MessageType.GET_LAZY_STATE_KEYS, GetLazyStateKeysCommandMessage.parser()),
          entry(MessageType.GET_EAGER_STATE, GetEagerStateCommandMessage.parser()),
          entry(MessageType.GET_EAGER_STATE_KEYS, GetEagerStateKeysCommandMessage.parser()),
          entry(MessageType.GET_PROMISE, GetPromiseCommandMessage.parser()),
          entry(MessageType.PEEK_PROMISE, PeekPromiseCommandMessage.parser()),
          entry(MessageType.COMPLETE_PROMISE, CompletePromiseCommandMessage.parser()),
          entry(MessageType.SLEEP, SleepCommandMessage.parser()),
          entry(MessageType.CALL, CallCommandMessage.parser()),
          entry(MessageType.ONE_WAY_CALL, OneWayCallCommandMessage.parser()),
          entry(MessageType.SEND_SIGNAL, SendSignalCommandMessage.parser()),
          entry(MessageType.RUN, RunCommandMessage.parser()),
          entry(MessageType.ATTACH_INVOCATION, AttachInvocationCommandMessage.parser()),
          entry(MessageType.GET_INVOCATION_OUTPUT, GetInvocationOutputCommandMessage.parser()),
          entry(MessageType.COMPLETE_AWAKEABLE, CompleteAwakeableCommandMessage.parser()));

  /** Null when the type is not one that a server sends. */
  static @Nullable ProtocolMessage decode(int type, ByteString payload)
      throws InvalidProtocolBufferException {
    Parser<? extends Message> parser =
        MessageType.isNotification(type) ? NotificationTemplate.parser() : PARSERS.get(type);
    if (parser == null) {
      return null;
    }
    return new ProtocolMessage(type, DiscardUnknownFieldsParser.wrap(parser).parseFrom(payload));
  }

  /** The name that people gave to a command, or nothing. */
  String name() {
    String field = type == MessageType.SEND_SIGNAL ? "entry_name" : "name";
    var descriptor = body.getDescriptorForType().findFieldByName(field);
    return descriptor == null ? "" : (String) body.getField(descriptor);
  }

  /** As people read it: {@code Run "pick"}. */
  String title() {
    String name = name();
    return MessageType.nameOf(type) + (name.isEmpty() ? "" : " \"" + name + "\"");
  }
}
