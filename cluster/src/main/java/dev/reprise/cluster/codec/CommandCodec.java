package dev.reprise.cluster.codec;

import dev.reprise.cluster.engine.Command;
import dev.reprise.cluster.engine.LogEntry;
import dev.reprise.storage.codec.Codec;
import dev.reprise.storage.codec.LimitCodec;
import dev.reprise.storage.codec.NewInvocationCodec;
import dev.reprise.storage.codec.OutboxMessageCodec;
import dev.reprise.storage.codec.Parts;
import dev.reprise.storage.kv.ByteReader;
import dev.reprise.storage.kv.ByteWriter;
import dev.reprise.storage.model.AttemptId;
import dev.reprise.storage.model.InvocationId;
import dev.reprise.storage.model.LimitLevel;
import dev.reprise.storage.model.Pin;
import dev.reprise.storage.model.TimerKey;
import java.util.ArrayList;
import java.util.List;

/**
 * What a partition's log holds.
 *
 * <pre>
 * entry    version (1) | epoch | sequence | clock in ms | commands
 * commands (tag (1) | fields)… to the end
 * </pre>
 *
 * <p>Tags are given once; 8 was a resume without a pin; 11 to 17 are in {@link OperationCodec}.
 * Locked by {@code CommandFormatLockTest}.
 */
public final class CommandCodec {
  private static final int VERSION = 1;

  private static final int ANNOUNCE_LEADER = 1;
  private static final int INVOKE = 2;
  private static final int ATTEMPT_SAID = 3;
  private static final int FIRE_TIMERS = 4;
  private static final int DELIVER = 5;
  private static final int TRUNCATE_OUTBOX = 6;
  private static final int PURGE_EXPIRED = 7;
  private static final int MARK = 9;
  private static final int SEND_SIGNAL = 10;
  private static final int COMPLETE_PROMISE = 18;
  private static final int PATCH_STATE = 19;
  private static final int SET_LIMIT_RULES = 20;
  private static final int FILL_LIMITS = 21;
  private static final int CHECK_STATE = 24;
  private static final int RAISE_RULES = 30;

  private static final Codec<TimerKey> TIMER =
      new Codec<>() {
        @Override
        public void write(TimerKey value, ByteWriter out) {
          Parts.timer(value, out);
        }

        @Override
        public TimerKey read(ByteReader in) {
          return Parts.timer(in);
        }
      };

  private static final Codec<LimitLevel> LEVEL =
      new Codec<>() {
        @Override
        public void write(LimitLevel value, ByteWriter out) {
          LimitCodec.level(value, out);
        }

        @Override
        public LimitLevel read(ByteReader in) {
          return LimitCodec.level(in);
        }
      };

  private CommandCodec() {}

  /** Begins an entry; commands follow with {@link #write}. */
  public static void begin(long epoch, long sequence, long clockMillis, ByteWriter out) {
    out.uint8(VERSION).varint(epoch).varint(sequence).varint(clockMillis);
  }

  public static byte[] encode(LogEntry entry) {
    ByteWriter out = new ByteWriter();
    begin(entry.epoch(), entry.sequence(), entry.clockMillis(), out);
    for (Command command : entry.commands()) {
      write(command, out);
    }
    return out.toBytes();
  }

  /** Byte windows point into the given array, which must not change any more. */
  public static LogEntry decode(byte[] bytes) {
    return Parts.whole("a log entry", () -> entry(new ByteReader(bytes)));
  }

  /** One command, as {@link #write} wrote it. Byte windows point into the given array. */
  public static Command decodeCommand(byte[] bytes) {
    return Parts.whole("a log command", () -> read(new ByteReader(bytes)));
  }

  private static LogEntry entry(ByteReader in) {
    int version = in.uint8();
    if (version != VERSION) {
      throw Parts.unknown("a log entry of version 1", version);
    }
    long epoch = in.varint();
    long sequence = in.varint();
    long clock = in.varint();
    List<Command> commands = new ArrayList<>();
    while (in.hasMore()) {
      commands.add(read(in));
    }
    return new LogEntry(epoch, sequence, clock, commands);
  }

  public static void write(Command command, ByteWriter out) {
    switch (command) {
      case Command.AnnounceLeader announce -> out.uint8(ANNOUNCE_LEADER).string(announce.node());
      case Command.Invoke invoke -> {
        out.uint8(INVOKE);
        NewInvocationCodec.INSTANCE.write(invoke.invocation(), out);
      }
      case Command.AttemptSaid said -> {
        out.uint8(ATTEMPT_SAID);
        said(said, out);
      }
      case Command.FireTimers fire -> {
        out.uint8(FIRE_TIMERS);
        Parts.list(fire.timers(), TIMER, out);
      }
      case Command.Deliver deliver -> {
        out.uint8(DELIVER).varint(deliver.sender()).varint(deliver.firstSequence());
        Parts.list(deliver.messages(), OutboxMessageCodec.INSTANCE, out);
      }
      case Command.TruncateOutbox truncate -> {
        out.uint8(TRUNCATE_OUTBOX).varint(truncate.receiver()).varint(truncate.fromSequence());
        out.varint(truncate.throughSequence());
      }
      case Command.PurgeExpired purge -> {
        out.uint8(PURGE_EXPIRED);
        Parts.list(purge.expired(), TIMER, out);
      }
      case Command.Mark mark -> out.uint8(MARK);
      case Command.RaiseRules raise -> out.uint8(RAISE_RULES).varint(raise.version());
      case Command.CheckState check ->
          out.uint8(CHECK_STATE).varint(check.index()).uint64(check.hash());
      case Command.SendSignal send -> {
        out.uint8(SEND_SIGNAL);
        Parts.id(send.id(), out);
        Parts.signal(send.signal(), out);
        Parts.request(send.request(), out);
      }
      case Command.Operation operation -> OperationCodec.write(operation, out);
      case Command.CompletePromise complete -> {
        out.uint8(COMPLETE_PROMISE);
        Parts.object(complete.workflow(), out);
        out.string(complete.key());
        Parts.outcome(complete.outcome(), out);
        Parts.request(complete.request(), out);
      }
      case Command.PatchState patch -> {
        out.uint8(PATCH_STATE);
        Parts.object(patch.object(), out);
        Parts.statePatch(patch.patch(), out);
      }
      case Command.SetLimitRules set -> {
        out.uint8(SET_LIMIT_RULES);
        LimitCodec.rules(set.rules(), out);
      }
      case Command.FillLimits fill -> {
        out.uint8(FILL_LIMITS);
        Parts.list(fill.levels(), LEVEL, out);
      }
    }
  }

  private static Command read(ByteReader in) {
    int tag = in.uint8();
    return switch (tag) {
      case ANNOUNCE_LEADER -> new Command.AnnounceLeader(in.string());
      case INVOKE -> new Command.Invoke(NewInvocationCodec.INSTANCE.read(in));
      case ATTEMPT_SAID -> said(in);
      case FIRE_TIMERS -> new Command.FireTimers(Parts.list(TIMER, in));
      case DELIVER ->
          new Command.Deliver(
              in.varint(0xFFFF), in.varint(), Parts.list(OutboxMessageCodec.INSTANCE, in));
      case TRUNCATE_OUTBOX ->
          new Command.TruncateOutbox(in.varint(0xFFFF), in.varint(), in.varint());
      case PURGE_EXPIRED -> new Command.PurgeExpired(Parts.list(TIMER, in));
      case MARK -> new Command.Mark();
      case RAISE_RULES -> new Command.RaiseRules(in.varint(0xFFFF));
      case CHECK_STATE -> new Command.CheckState(in.varint(), in.uint64());
      case SEND_SIGNAL -> new Command.SendSignal(Parts.id(in), Parts.signal(in), Parts.request(in));
      case COMPLETE_PROMISE ->
          new Command.CompletePromise(
              Parts.object(in), in.string(), Parts.outcome(in), Parts.request(in));
      case PATCH_STATE -> new Command.PatchState(Parts.object(in), Parts.statePatch(in));
      case SET_LIMIT_RULES -> new Command.SetLimitRules(LimitCodec.rules(in));
      case FILL_LIMITS -> new Command.FillLimits(Parts.list(LEVEL, in));
      default -> OperationCodec.read(tag, in);
    };
  }

  private static void said(Command.AttemptSaid said, ByteWriter out) {
    Parts.id(said.id(), out);
    out.varint(said.incarnation());
    Parts.attempt(said.attempt(), out);
    out.varint(said.firstCommand());
    Parts.pin(said.pin(), out);
    Parts.list(said.statements(), StatementCodec.INSTANCE, out);
  }

  private static Command.AttemptSaid said(ByteReader in) {
    InvocationId id = Parts.id(in);
    long incarnation = in.varint();
    AttemptId attempt = Parts.attempt(in);
    int firstCommand = in.varint(Integer.MAX_VALUE);
    Pin pin = Parts.pin(in);
    return new Command.AttemptSaid(
        id, incarnation, attempt, firstCommand, pin, Parts.list(StatementCodec.INSTANCE, in));
  }
}
