package dev.reprise.cluster.engine;

import dev.reprise.api.MessageType;
import dev.reprise.cluster.codec.JournalFrames;
import dev.reprise.storage.model.Bytes;
import dev.reprise.storage.model.JournalEntry;
import dev.reprise.storage.model.ObjectId;
import dev.reprise.storage.model.StateEntry;
import dev.reprise.storage.table.Keys;
import dev.reprise.storage.table.Layouts;
import dev.reprise.storage.table.TableId;
import dev.reprise.storage.table.Tables;
import java.util.ArrayList;
import java.util.List;

/** How journal commands read and change an object's state. What they change is visible at once. */
final class StateRules {
  private final Notifications notifications;

  StateRules(Notifications notifications) {
    this.notifications = notifications;
  }

  /** Commands that are not about state, or only record what was read, change nothing here. */
  void apply(int type, Bytes payload, OpenInvocation invocation, ApplyContext ctx) {
    Invariant.hold(
        !writes(type) || invocation.current().target().kind().writesState(),
        "Expected state to be written by who owns the key, but it was another");
    switch (type) {
      case MessageType.SET_STATE -> {
        JournalFrames.StateWrite write = JournalFrames.setState(payload);
        ctx.tables().state().put(key(invocation, write.key()), write.value());
      }
      case MessageType.CLEAR_STATE ->
          ctx.tables().state().delete(key(invocation, JournalFrames.clearState(payload)));
      case MessageType.CLEAR_ALL_STATE -> forget(object(invocation), ctx.tables());
      case MessageType.GET_LAZY_STATE -> {
        JournalFrames.KeyedRead read = JournalFrames.getLazyState(payload);
        Bytes value = ctx.tables().state().find(key(invocation, read.key()));
        Bytes answer = JournalFrames.stateValue(read.completionId(), value);
        notifications.tell(
            invocation, new JournalEntry(MessageType.GET_LAZY_STATE_COMPLETION, answer), ctx);
      }
      case MessageType.GET_LAZY_STATE_KEYS -> {
        Bytes answer =
            JournalFrames.stateKeys(
                JournalFrames.getLazyStateKeys(payload), keys(object(invocation), ctx.tables()));
        notifications.tell(
            invocation, new JournalEntry(MessageType.GET_LAZY_STATE_KEYS_COMPLETION, answer), ctx);
      }
      default -> {}
    }
  }

  private static boolean writes(int type) {
    return type == MessageType.SET_STATE
        || type == MessageType.CLEAR_STATE
        || type == MessageType.CLEAR_ALL_STATE;
  }

  /** Forgets all state of an object. */
  static void forget(ObjectId object, Tables tables) {
    keys(object, tables).forEach(it -> tables.state().delete(new Keys.State(object, it)));
  }

  private static List<Bytes> keys(ObjectId object, Tables tables) {
    return entries(object, tables).stream().map(StateEntry::key).toList();
  }

  /** All state of an object, in the order of its keys. */
  static List<StateEntry> entries(ObjectId object, Tables tables) {
    List<StateEntry> entries = new ArrayList<>();
    tables
        .state()
        .scan(
            Layouts.prefixOf(TableId.STATE, object),
            key -> key.object().equals(object),
            (key, value) -> entries.add(new StateEntry(key.key(), value)));
    return entries;
  }

  private static Keys.State key(OpenInvocation invocation, Bytes key) {
    return new Keys.State(object(invocation), key);
  }

  private static ObjectId object(OpenInvocation invocation) {
    return invocation.current().target().object();
  }
}
