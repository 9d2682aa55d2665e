package dev.reprise.server.ingress;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.reprise.api.protocol.Header;
import dev.reprise.api.protocol.InputCommandMessage;
import dev.reprise.cluster.engine.Command;
import dev.reprise.cluster.engine.Result;
import dev.reprise.cluster.partition.Ingress;
import dev.reprise.cluster.partition.Ingress.Answer.Accepted;
import dev.reprise.cluster.partition.Ingress.Answer.Ended;
import dev.reprise.cluster.partition.Ingress.Answer.NotFound;
import dev.reprise.cluster.partition.Ingress.Answer.NotReady;
import dev.reprise.cluster.partition.Ingress.Answer.Refused;
import dev.reprise.cluster.partition.Loop;
import dev.reprise.storage.model.Bytes;
import dev.reprise.storage.model.Completed;
import dev.reprise.storage.model.Creation;
import dev.reprise.storage.model.InvocationId;
import dev.reprise.storage.model.NewInvocation;
import dev.reprise.storage.model.ObjectId;
import dev.reprise.storage.model.Outcome;
import dev.reprise.storage.model.Outcome.Failure;
import dev.reprise.storage.model.Outcome.Success;
import dev.reprise.storage.model.Pin;
import dev.reprise.storage.model.RequestId;
import dev.reprise.storage.model.Signal;
import dev.reprise.storage.model.StatePatch;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Partitions small enough for a test: one thread and a map. A handler's name says what it does:
 * {@code echo} gives its input back, {@code key} its key, {@code headers} the headers that it saw,
 * {@code fail} ends with the code that its input is, {@code void} with nothing; any other waits
 * until {@link #complete}.
 */
public final class EchoIngress implements Ingress, AutoCloseable {
  private final ExecutorService loop = Executors.newSingleThreadExecutor();
  private final Map<InvocationId, Entry> entries = new HashMap<>();
  private final List<Signal> signals = new ArrayList<>();
  private final List<String> decisions = new ArrayList<>();
  private final List<Command.Operation> operations = new ArrayList<>();
  private final List<StatePatch> patches = new ArrayList<>();
  private int cancelled;
  private @Nullable Answer next;

  private static final class Entry {
    final NewInvocation invocation;
    final List<Consumer<Answer>> waiting = new ArrayList<>();
    @Nullable Completed completed;

    Entry(NewInvocation invocation) {
      this.invocation = invocation;
    }
  }

  /** Answers the next request with this, whatever it asks. */
  public void answerNext(Answer answer) {
    loop.execute(() -> next = answer);
  }

  /** Completes an invocation that waits. */
  public void complete(InvocationId id, Outcome outcome) {
    loop.execute(
        () -> {
          Entry entry = entries.get(id);
          if (entry != null) {
            complete(entry, outcome);
          }
        });
  }

  /** How many waits were taken back. */
  public int cancelled() throws Exception {
    return loop.submit(() -> cancelled).get();
  }

  /** The signals that were sent. */
  public List<Signal> signals() throws Exception {
    return loop.submit(() -> List.copyOf(signals)).get();
  }

  /** What was decided: workflow, promise and outcome of each. */
  public List<String> decisions() throws Exception {
    return loop.submit(() -> List.copyOf(decisions)).get();
  }

  /** What was asked to be done to invocations. */
  public List<Command.Operation> operations() throws Exception {
    return loop.submit(() -> List.copyOf(operations)).get();
  }

  /** The states that were to be. */
  public List<StatePatch> patches() throws Exception {
    return loop.submit(() -> List.copyOf(patches)).get();
  }

  /** The scope and the limit key of an invocation that is there. */
  public String limitsOf(InvocationId id) throws Exception {
    NewInvocation invocation =
        loop.submit(() -> Objects.requireNonNull(entries.get(id)).invocation).get();
    return invocation.target().scope() + " " + invocation.limitKey();
  }

  /** How many invocations there are. */
  public int created() throws Exception {
    return loop.submit(entries::size).get();
  }

  @Override
  public void submit(NewInvocation invocation, Consumer<Answer> answer) {
    loop.execute(
        () -> {
          if (!answeredAsTold(answer)) {
            boolean created = create(invocation);
            long startsAt = created ? 0 : entry(invocation).invocation.startAtMillis();
            answer.accept(new Accepted(invocation.id(), created, startsAt));
          }
        });
  }

  @Override
  public Loop.Cancellable call(NewInvocation invocation, Consumer<Answer> answer) {
    loop.execute(
        () -> {
          if (!answeredAsTold(answer)) {
            boolean created = create(invocation);
            await(entry(invocation), !created, answer);
          }
        });
    return () -> loop.execute(() -> cancelled++);
  }

  @Override
  public Loop.Cancellable attach(InvocationId id, Consumer<Answer> answer) {
    loop.execute(
        () -> {
          Entry entry = entries.get(id);
          if (answeredAsTold(answer)) {
            return;
          }
          if (entry == null) {
            answer.accept(new NotFound(id));
          } else {
            await(entry, true, answer);
          }
        });
    return () -> loop.execute(() -> cancelled++);
  }

  @Override
  public void output(InvocationId id, Consumer<Answer> answer) {
    loop.execute(
        () -> {
          Entry entry = entries.get(id);
          if (answeredAsTold(answer)) {
            return;
          }
          if (entry == null) {
            answer.accept(new NotFound(id));
          } else if (entry.completed == null) {
            answer.accept(new NotReady(id));
          } else {
            answer.accept(new Ended(entry.completed, true));
          }
        });
  }

  @Override
  public void find(InvocationId id, Consumer<Answer> answer) {
    output(id, answer);
  }

  @Override
  public void signal(
      InvocationId target, Signal signal, RequestId request, Consumer<Answer> answer) {
    loop.execute(() -> signals.add(signal));
    refuse(answer);
  }

  @Override
  public void completePromise(
      ObjectId workflow, String key, Outcome outcome, RequestId request, Consumer<Answer> answer) {
    loop.execute(() -> decisions.add(workflow + " " + key + " " + outcome));
    refuse(answer);
  }

  @Override
  public void peekPromise(ObjectId workflow, String key, Consumer<Answer> answer) {
    refuse(answer);
  }

  @Override
  public void manage(Command.Operation operation, Consumer<Answer> answer) {
    loop.execute(() -> operations.add(operation));
    refuse(answer);
  }

  @Override
  public void state(ObjectId object, long limitBytes, Consumer<Answer> answer) {
    refuse(answer);
  }

  @Override
  public void patchState(ObjectId object, StatePatch patch, Consumer<Answer> answer) {
    loop.execute(() -> patches.add(patch));
    refuse(answer);
  }

  /** Its handlers know nothing of all this; a test says what is to be answered. */
  private void refuse(Consumer<Answer> answer) {
    loop.execute(
        () -> {
          if (!answeredAsTold(answer)) {
            answer.accept(new Refused(Result.Rejection.NOT_FOUND, "nobody is there"));
          }
        });
  }

  @Override
  public void close() {
    loop.shutdownNow();
  }

  private boolean answeredAsTold(Consumer<Answer> answer) {
    Answer told = next;
    next = null;
    if (told != null) {
      answer.accept(told);
    }
    return told != null;
  }

  private Entry entry(NewInvocation invocation) {
    return Objects.requireNonNull(entries.get(invocation.id()));
  }

  private boolean create(NewInvocation invocation) {
    if (entries.containsKey(invocation.id())) {
      return false;
    }
    Entry entry = new Entry(invocation);
    entries.put(invocation.id(), entry);
    Outcome outcome = outcome(invocation);
    if (outcome != null && invocation.startAtMillis() == 0) {
      complete(entry, outcome);
    }
    return true;
  }

  private static @Nullable Outcome outcome(NewInvocation invocation) {
    InputCommandMessage input = input(invocation);
    byte[] body = input.getValue().getContent().toByteArray();
    return switch (invocation.target().handler()) {
      case "echo", "json", "any" -> new Success(Bytes.of(body));
      case "key" -> new Success(Bytes.utf8(invocation.target().key()));
      case "headers" -> new Success(Bytes.utf8(headers(input)));
      case "void" -> new Success(Bytes.EMPTY);
      case "fail" ->
          new Failure(
              Integer.parseInt(new String(body, StandardCharsets.UTF_8)),
              "boom \"meta\"",
              Map.of("k1", "v1"));
      default -> null;
    };
  }

  private static String headers(InputCommandMessage input) {
    StringBuilder lines = new StringBuilder();
    for (Header header : input.getHeadersList()) {
      lines.append(header.getKey()).append('=').append(header.getValue()).append('\n');
    }
    return lines.toString();
  }

  private static InputCommandMessage input(NewInvocation invocation) {
    try {
      return InputCommandMessage.parseFrom(invocation.input().toArray());
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("Expected an input command's payload", e);
    }
  }

  private static void complete(Entry entry, Outcome outcome) {
    NewInvocation made = entry.invocation;
    Creation creation =
        new Creation(
            1,
            made.requestHigh(),
            made.requestLow(),
            0,
            made.idempotencyKey(),
            made.retention(),
            made.randomSeed());
    Completed completed =
        new Completed(made.id(), made.target(), creation, outcome, 0, 1_000, new Pin("dp_1", 6));
    entry.completed = completed;
    entry.waiting.forEach(waiter -> waiter.accept(new Ended(completed, false)));
    entry.waiting.clear();
  }

  private static void await(Entry entry, boolean retained, Consumer<Answer> answer) {
    if (entry.completed != null) {
      answer.accept(new Ended(entry.completed, retained));
    } else {
      entry.waiting.add(answer);
    }
  }
}
