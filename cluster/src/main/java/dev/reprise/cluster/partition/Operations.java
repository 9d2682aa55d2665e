package dev.reprise.cluster.partition;

import dev.reprise.cluster.engine.Command;
import dev.reprise.cluster.engine.Result;
import dev.reprise.storage.model.InvocationId;
import dev.reprise.storage.model.ObjectId;
import dev.reprise.storage.model.Promise;
import dev.reprise.storage.table.TablesView;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * What clients ask of a partition besides new invocations and their outcomes: signals, promises,
 * state, and what a person may do to an invocation. Any thread.
 */
final class Operations {
  private static final String UNKNOWN = "the leader changed before the answer was known";

  private final Partition partition;
  private final Requests requests;

  Operations(Partition partition, Requests requests) {
    this.partition = partition;
    this.requests = requests;
  }

  /** Proposes the command, and answers with what became of it. */
  void propose(Command command, Consumer<Ingress.Answer> answer) {
    partition.onLoop(() -> requests.admit(command, result -> answer.accept(answer(result))));
  }

  private static Ingress.Answer answer(Result result) {
    return switch (result) {
      case Result.Done done -> new Ingress.Answer.Done();
      case Result.Requested requested -> new Ingress.Answer.Requested();
      case Result.Open open ->
          new Ingress.Answer.Accepted(open.invocation().id(), open.created(), 0);
      case Result.Ended ended ->
          new Ingress.Answer.Accepted(ended.completed().id(), ended.sameRequest(), 0);
      case Result.Rejected rejected ->
          rejected.rejection() == Result.Rejection.REFUSED
              ? new Ingress.Answer.Unavailable(rejected.reason())
              : new Ingress.Answer.Refused(rejected.rejection(), rejected.reason());
      case Result.Faulted faulted -> new Ingress.Answer.OutcomeUnknown(faulted.reason());
      case Result.Stale stale -> new Ingress.Answer.OutcomeUnknown(UNKNOWN);
      case Result.Gap gap -> Partition.unexpected(result);
      case Result.Delivered delivered -> Partition.unexpected(result);
    };
  }

  /** What stands in the tables behind a mark that went through the log is current. */
  private void read(Consumer<Ingress.Answer> answer, Function<TablesView, Ingress.Answer> reading) {
    partition.onLoop(
        () ->
            requests.admit(
                new Command.Mark(),
                result ->
                    answer.accept(
                        switch (result) {
                          case Result.Done done -> reading.apply(partition.tables());
                          case Result.Rejected rejected ->
                              new Ingress.Answer.Unavailable(rejected.reason());
                          default -> new Ingress.Answer.Unavailable(UNKNOWN);
                        })));
  }

  void find(InvocationId id, Consumer<Ingress.Answer> answer) {
    read(
        answer,
        tables -> {
          var open = tables.invocation(id);
          if (open != null) {
            return new Ingress.Answer.Open(open);
          }
          var completed = tables.completed(id);
          return completed == null
              ? new Ingress.Answer.NotFound(id)
              : new Ingress.Answer.Ended(completed, true);
        });
  }

  void peekPromise(ObjectId workflow, String key, Consumer<Ingress.Answer> answer) {
    read(
        answer,
        tables ->
            new Ingress.Answer.Peeked(
                tables.promise(workflow, key) instanceof Promise.Decided decided
                    ? decided.outcome()
                    : null));
  }

  void state(ObjectId object, long limitBytes, Consumer<Ingress.Answer> answer) {
    read(
        answer,
        tables -> {
          Replay.State state = ReplayReader.stateOf(tables, object, limitBytes);
          return new Ingress.Answer.State(state.entries(), state.complete());
        });
  }
}
