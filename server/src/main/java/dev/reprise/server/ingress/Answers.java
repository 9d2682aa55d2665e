package dev.reprise.server.ingress;

import dev.reprise.cluster.engine.Result.Rejection;
import dev.reprise.cluster.metadata.HandlerRevision;
import dev.reprise.cluster.metadata.Registry;
import dev.reprise.cluster.metadata.ServiceRevision;
import dev.reprise.cluster.partition.Ingress.Answer;
import dev.reprise.server.ingress.Refused.Reason;
import dev.reprise.storage.model.Completed;

/** Answers of the partitions, in words for a client. */
public final class Answers {
  private Answers() {}

  /** What a client is told where this answer is none that it asked for. */
  public static Refused refusal(Answer answer) {
    return switch (answer) {
      case Answer.NotFound it -> new Refused(Reason.INVOCATION_NOT_FOUND, "invocation not found");
      case Answer.NotReady it ->
          new Refused(Reason.NOT_READY, "invocation " + it.id() + " has not completed yet");
      case Answer.NotRetained it ->
          new Refused(
              Reason.OUTCOME_NOT_RETAINED,
              "the outcome of invocation " + it.id() + " is not kept, so it cannot be asked for");
      case Answer.AlreadyInvoked it ->
          new Refused(Reason.ALREADY_INVOKED, "the workflow was already invoked");
      case Answer.Unavailable it -> new Refused(Reason.UNAVAILABLE, it.reason());
      case Answer.OutcomeUnknown it ->
          new Refused(Reason.OUTCOME_UNKNOWN, "outcome-unknown: " + it.reason());
      case Answer.Refused it -> new Refused(reason(it.why()), it.reason());
      case Answer.Done it -> unexpected(answer);
      case Answer.Requested it -> unexpected(answer);
      case Answer.Open it -> unexpected(answer);
      case Answer.Peeked it -> unexpected(answer);
      case Answer.State it -> unexpected(answer);
      case Answer.Accepted it -> unexpected(answer);
      case Answer.Page it -> unexpected(answer);
      case Answer.Levels it -> unexpected(answer);
      case Answer.Uses it -> unexpected(answer);
      case Answer.Described it -> unexpected(answer);
      case Answer.Ended it -> unexpected(answer);
    };
  }

  private static Reason reason(Rejection why) {
    return switch (why) {
      case NOT_FOUND -> Reason.INVOCATION_NOT_FOUND;
      case COMPLETED -> Reason.ALREADY_COMPLETED;
      case NOT_COMPLETED -> Reason.NOT_COMPLETED;
      case NOT_STARTED -> Reason.NOT_STARTED;
      case DECIDED -> Reason.ALREADY_DECIDED;
      case DEPLOYMENT_FIXED -> Reason.DEPLOYMENT_FIXED;
      case NOT_KEPT -> Reason.NOT_KEPT;
      case UNSUPPORTED -> Reason.NOT_SUPPORTED;
      case BAD_RANGE -> Reason.BAD_RANGE;
      case OTHER_VERSION -> Reason.OTHER_VERSION;
      case TOO_MANY -> Reason.TOO_MANY_REQUESTS;
      case NO_OUTPUT, REFUSED -> Reason.UNAVAILABLE;
    };
  }

  private static Refused unexpected(Answer answer) {
    return new Refused(Reason.OUTCOME_UNKNOWN, "outcome-unknown: the partition said " + answer);
  }

  /** The handler whose outcome this is, as it is registered now. Throws {@link Refused}. */
  public static HandlerRevision handlerOf(Completed completed, Registry registry) {
    ServiceRevision service = registry.service(completed.target().service());
    HandlerRevision handler =
        service == null ? null : service.handler(completed.target().handler());
    if (handler == null) {
      throw new Refused(
          Reason.HANDLER_NOT_FOUND,
          "handler " + completed.target() + " of this invocation is not registered any more");
    }
    return handler;
  }

  /**
   * When an accepted invocation starts, 0 when it does not wait for a time.
   *
   * @param askedStartMillis when this request asked it to start, 0 for now
   */
  public static long startsAt(Answer.Accepted accepted, long askedStartMillis) {
    boolean scheduled = accepted.created() && accepted.startsAtMillis() == 0;
    return scheduled ? askedStartMillis : accepted.startsAtMillis();
  }

  /** When a retained outcome is forgotten; 0 when it is new to whoever asks. */
  public static long expiresAt(Answer.Ended ended) {
    Completed completed = ended.completed();
    return ended.retained() && completed.creation().retention().completionMillis() > 0
        ? completed.expiresAtMillis()
        : 0;
  }
}
