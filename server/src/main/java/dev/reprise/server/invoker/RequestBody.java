package dev.reprise.server.invoker;

import dev.reprise.api.MessageType;
import dev.reprise.api.protocol.StartMessage;
import dev.reprise.cluster.partition.Invoker;
import dev.reprise.cluster.partition.Replay;
import dev.reprise.server.endpoint.EndpointStream;
import dev.reprise.server.invoker.frames.CompletionIds;
import dev.reprise.server.invoker.frames.Frames;
import dev.reprise.server.invoker.frames.ProtocolViolation;
import dev.reprise.storage.model.Invocation;
import dev.reprise.storage.model.JournalEntry;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What one attempt is told: its start, its journal so far, and notifications as they come, as fast
 * as the endpoint takes them. Confined to its attempt's loop; reads that may be long are made on
 * another thread, one at a time.
 *
 * <p>Longer than most: start, replay and live notifications are one sequence, whose order is what
 * this class is for.
 */
final class RequestBody {
  private static final ByteBufAllocator ALLOCATOR = PooledByteBufAllocator.DEFAULT;
  private static final Replay.State NO_STATE = new Replay.State(List.of(), false);
  private static final int CHUNK = 64 << 10;
  private static final int WAITING_BYTES = 1 << 20;

  private final Owner owner;
  private final Invokers node;
  private final Invoker.Host host;
  private final EndpointStream stream;
  private final CompletionIds ids;
  private final int version;
  private final MemoryShare memory;
  private final ArrayDeque<JournalEntry> waiting = new ArrayDeque<>();
  private int waitingBytes;
  private @Nullable Replay replay;
  private int entries;
  private int entriesLeft;
  private long inlineLeft = InvokerOptions.INLINE_BYTES;
  private long held;
  private boolean reading;
  private boolean live;
  private boolean endAsked;
  private boolean ended;
  private boolean dropped;

  RequestBody(
      Owner owner,
      Invokers node,
      Invoker.Host host,
      EndpointStream stream,
      CompletionIds ids,
      int version,
      MemoryShare memory) {
    this.owner = owner;
    this.node = node;
    this.host = host;
    this.stream = stream;
    this.ids = ids;
    this.version = version;
    this.memory = memory;
  }

  /** The attempt, as this part of it sees it. */
  interface Owner {
    /** What has been read is in force: the invocation as of the start of this attempt. */
    void begun(Invocation invocation);

    /** The endpoint knows the whole journal and may speak. */
    void live();

    /** The tables could not be read. */
    void unreadable(RuntimeException cause);

    /** What is to be told next has that many bytes, and there is no memory for it now. */
    void noMemory(long bytes);

    /** What is to be told next can never be. */
    void violated(ProtocolViolation violation);

    /** Failed attempts since the journal last grew. */
    int retries();

    /** Reading on another thread has led to writes. */
    void afterReading();
  }

  /**
   * Begins to tell.
   *
   * @param input the whole journal, if it is known to be that
   * @return whether the invocation is still open
   */
  boolean begin(Invocation invocation, @Nullable JournalEntry input, boolean withState) {
    JournalEntry known = invocation.progress().entries() == 1 ? input : null;
    if (known != null && !withState) {
      entries = 1;
      start(invocation, NO_STATE, known);
      return true;
    }
    if (known != null) {
      // It has no step yet: nobody has written on its behalf, so that no snapshot is needed.
      Replay.State state = host.state(invocation.target().object(), inlineStateBytes());
      if (state.complete()) {
        entries = 1;
        start(invocation, state, known);
        return true;
      }
    }
    Replay opened = host.replay(invocation.id(), invocation.incarnation());
    if (opened == null) {
      return false;
    }
    replay = opened;
    Invocation now = opened.invocation();
    entries = now.progress().entries();
    Replay.State state = withState ? opened.state(inlineStateBytes()) : NO_STATE;
    JournalEntry whole = entries == 1 ? known : null;
    long all = stateLimit();
    if (withState && !state.complete() && all > InvokerOptions.INLINE_BYTES && hold(all)) {
      inBackground(() -> opened.state(all), told -> start(now, told, whole));
    } else {
      // Without memory for all of it the endpoint is told a part, and asks for the rest.
      start(now, state, whole);
    }
    return true;
  }

  private long stateLimit() {
    return Math.min(node.options().stateBytes(), memory.left() / 2);
  }

  private long inlineStateBytes() {
    return Math.min(InvokerOptions.INLINE_BYTES, stateLimit());
  }

  /** Takes memory for what is told next, until the endpoint has taken it. */
  private boolean hold(long bytes) {
    if (!memory.tryUse(bytes)) {
      return false;
    }
    held += bytes;
    return true;
  }

  private boolean room(long bytes) {
    if (hold(bytes)) {
      return true;
    }
    long wanted = stream.gathers() ? held + bytes : bytes;
    if (stream.gathers() && !memory.fits(wanted)) {
      // Each further attempt would come as far as this one.
      owner.violated(ProtocolViolation.tooLarge("a request to a function", wanted, memory.limit()));
    } else {
      owner.noMemory(wanted);
    }
    return false;
  }

  private boolean fits(JournalEntry entry) {
    if (memory.fits(Frames.size(entry))) {
      return true;
    }
    String what = "the journal entry " + MessageType.nameOf(entry.type());
    owner.violated(ProtocolViolation.tooLarge(what, entry.payload().length(), memory.limit()));
    return false;
  }

  private void write(ByteBuf out) {
    stream.write(out);
    if (stream.writable() && !stream.gathers()) {
      taken();
    }
  }

  /** The endpoint answers: it has all that it was told. */
  void answered() {
    if (stream.gathers()) {
      taken();
    }
  }

  /** The endpoint has taken what it was told. */
  private void taken() {
    memory.free(held);
    held = 0;
  }

  private void start(Invocation now, Replay.State state, @Nullable JournalEntry whole) {
    owner.begun(now);
    entriesLeft = entries;
    long since = host.nowMillis() - now.progress().changedAtMillis();
    int own = whole == null ? 0 : Frames.size(whole);
    if (whole != null && !fits(whole)) {
      return;
    }
    StartMessage start = Frames.startMessage(now, version, entries, state, owner.retries(), since);
    long needed = start.getSerializedSize() + (long) own - held;
    if (needed > 0 && !hold(needed)) {
      // The handler asks for its state piece by piece.
      start = Frames.startMessage(now, version, entries, NO_STATE, owner.retries(), since);
      if (!room(Math.max(0, start.getSerializedSize() + own - held))) {
        return;
      }
    }
    int more = whole == null ? CHUNK / 16 : own;
    ByteBuf out = Frames.start(ALLOCATOR, start, more);
    if (whole != null) {
      told(out, whole);
    }
    write(out);
    if (entriesLeft == 0) {
      replayed();
    } else {
      more();
    }
  }

  private void told(ByteBuf out, JournalEntry entry) {
    ids.replayed(entry.type(), entry.payload());
    Frames.write(out, entry);
    entriesLeft--;
  }

  /** Goes on with the replay as long as the endpoint takes it. */
  private void more() {
    Replay from = replay;
    while (!live && !reading && !ended && from != null && stream.writable()) {
      if (entries > InvokerOptions.INLINE_ENTRIES || inlineLeft <= 0) {
        inBackground(() -> chunk(from, entriesLeft), this::send);
        return;
      }
      sendInline(from);
    }
  }

  private void sendInline(Replay from) {
    List<JournalEntry> chunk;
    try {
      chunk = chunk(from, entriesLeft);
    } catch (RuntimeException e) {
      owner.unreadable(e);
      return;
    }
    for (JournalEntry entry : chunk) {
      inlineLeft -= Frames.size(entry);
    }
    send(chunk);
  }

  private static List<JournalEntry> chunk(Replay from, int left) {
    List<JournalEntry> chunk = new ArrayList<>();
    int bytes = 0;
    while (bytes < CHUNK && chunk.size() < left) {
      JournalEntry entry = from.next();
      if (entry == null) {
        throw new IllegalStateException(
            "Expected " + left + " more journal entries, but got " + chunk.size());
      }
      chunk.add(entry);
      bytes += Frames.size(entry);
    }
    return chunk;
  }

  private void send(List<JournalEntry> chunk) {
    int size = 0;
    for (JournalEntry entry : chunk) {
      size += Frames.size(entry);
      if (!fits(entry)) {
        return;
      }
    }
    if (!room(size)) {
      return;
    }
    ByteBuf out = ALLOCATOR.ioBuffer(size);
    for (JournalEntry entry : chunk) {
      told(out, entry);
    }
    write(out);
    if (entriesLeft == 0) {
      replayed();
    }
  }

  private void replayed() {
    closeReplay();
    live = true;
    owner.live();
    if (endAsked) {
      end();
    } else {
      sendWaiting();
    }
  }

  // ---- reading elsewhere ----

  private <T> void inBackground(Supplier<T> read, Then<T> then) {
    reading = true;
    node.reader()
        .execute(
            () -> {
              try {
                T result = read.get();
                host.loop().execute(() -> backFromReading(() -> then.accept(result)));
              } catch (RuntimeException e) {
                host.loop().execute(() -> backFromReading(() -> owner.unreadable(e)));
              }
            });
  }

  /** What is done with what was read. */
  private interface Then<T> {
    void accept(T result);
  }

  private void backFromReading(Runnable then) {
    reading = false;
    if (dropped) {
      closeReplay();
      return;
    }
    then.run();
    more();
    owner.afterReading();
  }

  private void closeReplay() {
    if (replay != null && !reading) {
      replay.close();
      replay = null;
    }
  }

  // ---- live ----

  /** A notification stands in the journal; what the replay covers is not told again. */
  void notification(int index, JournalEntry entry) {
    if (index < entries || endAsked || ended) {
      return;
    }
    boolean room = memory.tryUse(Frames.size(entry));
    if (room) {
      waiting.add(entry);
      waitingBytes += Frames.size(entry);
    }
    if (live) {
      sendWaiting();
    }
    if (!room || waitingBytes > WAITING_BYTES) {
      // The endpoint does not take them: it may read them from the journal in its next attempt.
      forgetWaiting();
      end();
    }
  }

  private void forgetWaiting() {
    waiting.clear();
    memory.free(waitingBytes);
    waitingBytes = 0;
  }

  private void sendWaiting() {
    while (!waiting.isEmpty() && stream.writable()) {
      ByteBuf out = ALLOCATOR.ioBuffer(Math.min(waitingBytes, CHUNK));
      while (!waiting.isEmpty() && out.readableBytes() < CHUNK) {
        JournalEntry next = waiting.remove();
        waitingBytes -= Frames.size(next);
        held += Frames.size(next);
        if (next.type() == MessageType.RUN_COMPLETION && ids.keptByEndpoint(next.payload())) {
          // In the place of the notification: both sides order what happened in the same way.
          Frames.runAck(out, CompletionIds.completionOf(next.payload()));
        } else {
          Frames.write(out, next);
        }
      }
      write(out);
    }
  }

  /** A command that asked for it is durable. */
  void commandAck(int commandIndex) {
    if (live && !ended) {
      stream.write(Frames.commandAck(ALLOCATOR, commandIndex));
    }
  }

  /** The endpoint takes more. */
  void writable() {
    taken();
    if (live) {
      sendWaiting();
    } else {
      more();
    }
  }

  /** Nothing more is told once the replay is complete. */
  void end() {
    endAsked = true;
    if (live && !ended) {
      ended = true;
      stream.end();
    }
  }

  /** Nothing more is told, from now on. */
  void drop() {
    if (!dropped) {
      dropped = true;
      ended = true;
      forgetWaiting();
      taken();
      closeReplay();
    }
  }

  boolean isLive() {
    return live;
  }

  boolean ended() {
    return ended;
  }
}
