package dev.reprise.server.operations;

import dev.reprise.cluster.engine.Command;
import dev.reprise.cluster.engine.Result.Rejection;
import dev.reprise.cluster.partition.Ingress;
import dev.reprise.cluster.partition.Ingress.Answer;
import dev.reprise.cluster.routing.NewInvocations;
import dev.reprise.server.ingress.Answers;
import dev.reprise.server.ingress.Refused;
import dev.reprise.server.ingress.Refused.Reason;
import dev.reprise.storage.model.InvocationId;
import dev.reprise.storage.model.InvocationTarget;
import dev.reprise.storage.model.Pin;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Does to invocations what a person asks. Any thread; never blocks. */
public final class InvocationOperations {
  private final Ingress ingress;
  private final NewInvocations invocations;
  private final Pins pins;

  /** The operations of a node. */
  public InvocationOperations(Ingress ingress, NewInvocations invocations, Pins pins) {
    this.ingress = ingress;
    this.invocations = invocations;
    this.pins = pins;
  }

  /**
   * What came of an operation.
   *
   * @param done false when it is durable and takes effect later: the code has to see it first
   * @param made the invocation that a restart made; otherwise null
   */
  public record Effect(boolean done, @Nullable InvocationId made) {}

  /** Does it; fails with a {@link Refused}. Completes on a loop's thread. */
  public CompletableFuture<Effect> run(Operation operation, InvocationId id, Choice choice) {
    return switch (operation) {
      case CANCEL -> manage(new Command.Cancel(id, invocations.request()));
      case KILL -> manage(new Command.Kill(id));
      case PURGE -> manage(new Command.Purge(id));
      case PURGE_JOURNAL -> manage(new Command.PurgeJournal(id));
      case PAUSE -> manage(new Command.Pause(id));
      case RESUME -> resume(id, choice);
      case RESTART_AS_NEW -> restart(id, choice);
    };
  }

  private CompletableFuture<Effect> resume(InvocationId id, Choice choice) {
    if (choice.keeps()) {
      return manage(new Command.Resume(id, null));
    }
    return find(id)
        .thenCompose(found -> manage(new Command.Resume(id, pins.toResume(found, choice))));
  }

  private CompletableFuture<Effect> restart(InvocationId id, Choice choice) {
    boolean free = choice.takesLatest() && choice.throughIndex() == 0;
    // What runs only its input again may run on whatever is there.
    CompletableFuture<@Nullable Pin> pin =
        free
            ? CompletableFuture.completedFuture(null)
            : find(id).thenApply(found -> pins.toRestart(found, choice));
    return pin.thenCompose(
        it ->
            manage(
                new Command.Restart(
                    id,
                    invocations.beside(id),
                    invocations.request(),
                    choice.throughIndex(),
                    it,
                    invocations.seed())));
  }

  /**
   * An invocation as operations need it.
   *
   * @param pin null when it has never run
   */
  record Found(InvocationTarget target, @Nullable Pin pin, boolean open) {}

  private CompletableFuture<Found> find(InvocationId id) {
    return ask(
        answer -> ingress.find(id, answer),
        answer ->
            switch (answer) {
              case Answer.Open it ->
                  new Found(it.invocation().target(), it.invocation().progress().pin(), true);
              case Answer.Ended it ->
                  new Found(it.completed().target(), it.completed().pin(), false);
              default -> throw Answers.refusal(answer);
            });
  }

  private CompletableFuture<Effect> manage(Command.Operation operation) {
    return ask(
        answer -> ingress.manage(operation, answer),
        answer ->
            switch (answer) {
              case Answer.Done it -> new Effect(true, null);
              case Answer.Requested it -> new Effect(false, null);
              case Answer.Accepted it -> new Effect(true, it.id());
              case Answer.Refused it -> throw refusal(operation, it);
              default -> throw Answers.refusal(answer);
            });
  }

  /** Only who wants to go on or to begin again has to know that it was too early. */
  private static Refused refusal(Command.Operation operation, Answer.Refused answer) {
    boolean early = answer.why() == Rejection.NOT_STARTED;
    boolean ended = answer.why() == Rejection.COMPLETED;
    if (operation instanceof Command.Pause && (early || ended)) {
      return new Refused(Reason.NOT_RUNNING, answer.reason());
    }
    boolean forgets =
        operation instanceof Command.Purge || operation instanceof Command.PurgeJournal;
    return forgets && early
        ? new Refused(Reason.NOT_COMPLETED, answer.reason())
        : Answers.refusal(answer);
  }

  private static <T> CompletableFuture<T> ask(
      Consumer<Consumer<Answer>> question, Function<Answer, T> reading) {
    CompletableFuture<T> result = new CompletableFuture<>();
    question.accept(
        answer -> {
          try {
            result.complete(reading.apply(answer));
          } catch (Refused e) {
            result.completeExceptionally(e);
          }
        });
    return result;
  }
}
