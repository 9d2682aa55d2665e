package dev.reprise.server.internode;

import com.google.protobuf.ByteString;
import dev.reprise.api.internode.v1.Answer.Nothing;
import dev.reprise.cluster.engine.Result.Rejection;
import dev.reprise.cluster.membership.NodeId;
import dev.reprise.cluster.partition.Ingress.Answer;
import dev.reprise.cluster.partition.Reply;
import dev.reprise.storage.codec.CompletedCodec;
import dev.reprise.storage.codec.InvocationCodec;
import dev.reprise.storage.codec.Parts;
import dev.reprise.storage.kv.ByteWriter;
import dev.reprise.storage.model.Bytes;
import dev.reprise.storage.model.Outcome;
import dev.reprise.storage.model.StateEntry;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Replies as messages and back. */
final class ReplyMessages {
  private ReplyMessages() {}

  /** The message. */
  static dev.reprise.api.internode.v1.Reply write(long id, Reply reply, @Nullable NodeId leader) {
    dev.reprise.api.internode.v1.Reply.Builder out =
        dev.reprise.api.internode.v1.Reply.newBuilder().setId(id);
    switch (reply) {
      case Reply.Answered answered -> out.setAnswer(answer(answered.answer()));
      case Reply.Delivered delivered -> out.setDeliveredThrough(delivered.throughSequence());
      case Reply.NotDone notDone ->
          out.setNotDone(
              dev.reprise.api.internode.v1.Reply.NotDone.newBuilder()
                  .setReason(notDone.reason())
                  .setLeader(leader == null ? 0 : leader.number()));
      case Reply.Unknown unknown -> out.setUnknown(unknown.reason());
    }
    return out.build();
  }

  private static dev.reprise.api.internode.v1.Answer answer(Answer answer) {
    dev.reprise.api.internode.v1.Answer.Builder out =
        dev.reprise.api.internode.v1.Answer.newBuilder();
    switch (answer) {
      case Answer.Done it -> out.setDone(Nothing.getDefaultInstance());
      case Answer.Requested it -> out.setRequested(Nothing.getDefaultInstance());
      case Answer.Refused it ->
          out.setRefused(
              dev.reprise.api.internode.v1.Answer.Refused.newBuilder()
                  .setWhy(it.why().name())
                  .setReason(it.reason()));
      case Answer.Open it -> {
        ByteWriter bytes = new ByteWriter();
        InvocationCodec.INSTANCE.write(it.invocation(), bytes);
        out.setOpen(QuestionMessages.wrap(bytes));
      }
      case Answer.Peeked it -> out.setPeeked(peeked(it.outcome()));
      case Answer.State it -> out.setState(state(it));
      case Answer.Page it -> out.setPage(ViewMessages.write(it));
      case Answer.Levels it -> out.setLevels(ViewMessages.write(it));
      case Answer.Uses it -> out.setUses(ViewMessages.write(it));
      case Answer.Described it -> out.setDescribed(ViewMessages.write(it));
      case Answer.Accepted it ->
          out.setAccepted(
              dev.reprise.api.internode.v1.Answer.Accepted.newBuilder()
                  .setId(QuestionMessages.bytes(it.id()))
                  .setCreated(it.created())
                  .setStartsAtMillis(it.startsAtMillis()));
      case Answer.Ended it -> out.setEnded(ended(it));
      case Answer.AlreadyInvoked it -> out.setAlreadyInvoked(QuestionMessages.bytes(it.id()));
      case Answer.NotFound it -> out.setNotFound(QuestionMessages.bytes(it.id()));
      case Answer.NotReady it -> out.setNotReady(QuestionMessages.bytes(it.id()));
      case Answer.NotRetained it -> out.setNotRetained(QuestionMessages.bytes(it.id()));
      case Answer.Unavailable it -> out.setUnavailable(it.reason());
      case Answer.OutcomeUnknown it -> out.setOutcomeUnknown(it.reason());
    }
    return out.build();
  }

  private static dev.reprise.api.internode.v1.Answer.Peeked peeked(@Nullable Outcome outcome) {
    dev.reprise.api.internode.v1.Answer.Peeked.Builder out =
        dev.reprise.api.internode.v1.Answer.Peeked.newBuilder();
    if (outcome != null) {
      ByteWriter bytes = new ByteWriter();
      Parts.outcome(outcome, bytes);
      out.setOutcome(QuestionMessages.wrap(bytes));
    }
    return out.build();
  }

  private static dev.reprise.api.internode.v1.Answer.State state(Answer.State state) {
    dev.reprise.api.internode.v1.Answer.State.Builder out =
        dev.reprise.api.internode.v1.Answer.State.newBuilder().setComplete(state.complete());
    for (StateEntry entry : state.entries()) {
      out.addEntries(
          dev.reprise.api.internode.v1.Answer.Entry.newBuilder()
              .setKey(bytes(entry.key()))
              .setValue(bytes(entry.value())));
    }
    return out.build();
  }

  private static ByteString bytes(Bytes bytes) {
    return ByteString.copyFrom(bytes.array(), bytes.offset(), bytes.length());
  }

  private static dev.reprise.api.internode.v1.Answer.Ended ended(Answer.Ended ended) {
    ByteWriter bytes = new ByteWriter();
    CompletedCodec.INSTANCE.write(ended.completed(), bytes);
    return dev.reprise.api.internode.v1.Answer.Ended.newBuilder()
        .setCompleted(QuestionMessages.wrap(bytes))
        .setRetained(ended.retained())
        .build();
  }

  // ---- and back ----

  /** Whom the other node believes to lead; null when it named none. */
  static @Nullable NodeId leader(dev.reprise.api.internode.v1.Reply in) {
    int number = in.hasNotDone() ? in.getNotDone().getLeader() : 0;
    return number > 0 ? new NodeId(number) : null;
  }

  /** The reply; that this version cannot read it says nothing about what was done. */
  static Reply read(dev.reprise.api.internode.v1.Reply in) {
    try {
      return switch (in.getCameCase()) {
        case NOT_DONE -> new Reply.NotDone(in.getNotDone().getReason());
        case UNKNOWN -> new Reply.Unknown(in.getUnknown());
        case DELIVERED_THROUGH -> new Reply.Delivered(in.getDeliveredThrough());
        case ANSWER -> new Reply.Answered(answer(in.getAnswer()));
        case CAME_NOT_SET -> new Reply.Unknown("Expected a reply that this version knows");
      };
    } catch (RuntimeException e) {
      return new Reply.Unknown("Expected a reply that can be read, but " + e.getMessage());
    }
  }

  private static Answer answer(dev.reprise.api.internode.v1.Answer in) {
    return switch (in.getWhatCase()) {
      case DONE -> new Answer.Done();
      case REQUESTED -> new Answer.Requested();
      case REFUSED ->
          new Answer.Refused(
              Rejection.valueOf(in.getRefused().getWhy()), in.getRefused().getReason());
      case OPEN ->
          new Answer.Open(InvocationCodec.INSTANCE.read(QuestionMessages.reader(in.getOpen())));
      case PEEKED ->
          new Answer.Peeked(
              in.getPeeked().hasOutcome()
                  ? Parts.outcome(QuestionMessages.reader(in.getPeeked().getOutcome()))
                  : null);
      case STATE -> state(in.getState());
      case PAGE -> ViewMessages.read(in.getPage());
      case LEVELS -> ViewMessages.read(in.getLevels());
      case USES -> ViewMessages.read(in.getUses());
      case DESCRIBED -> ViewMessages.read(in.getDescribed());
      case ACCEPTED ->
          new Answer.Accepted(
              QuestionMessages.id(in.getAccepted().getId()),
              in.getAccepted().getCreated(),
              in.getAccepted().getStartsAtMillis());
      case ENDED ->
          new Answer.Ended(
              CompletedCodec.INSTANCE.read(QuestionMessages.reader(in.getEnded().getCompleted())),
              in.getEnded().getRetained());
      case ALREADY_INVOKED ->
          new Answer.AlreadyInvoked(QuestionMessages.id(in.getAlreadyInvoked()));
      case NOT_FOUND -> new Answer.NotFound(QuestionMessages.id(in.getNotFound()));
      case NOT_READY -> new Answer.NotReady(QuestionMessages.id(in.getNotReady()));
      case NOT_RETAINED -> new Answer.NotRetained(QuestionMessages.id(in.getNotRetained()));
      case UNAVAILABLE -> new Answer.Unavailable(in.getUnavailable());
      case OUTCOME_UNKNOWN -> new Answer.OutcomeUnknown(in.getOutcomeUnknown());
      case WHAT_NOT_SET ->
          throw new IllegalArgumentException("Expected an answer that this version knows");
    };
  }

  private static Answer state(dev.reprise.api.internode.v1.Answer.State in) {
    List<StateEntry> entries =
        in.getEntriesList().stream()
            .map(
                it ->
                    new StateEntry(
                        Bytes.of(it.getKey().toByteArray()), Bytes.of(it.getValue().toByteArray())))
            .toList();
    return new Answer.State(entries, in.getComplete());
  }
}
