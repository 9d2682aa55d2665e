package dev.reprise.server.grpc;

import com.google.protobuf.UnsafeByteOperations;
import dev.reprise.api.admin.v1.GetStateResponse;
import dev.reprise.api.admin.v1.InvocationDetail;
import dev.reprise.api.admin.v1.InvocationInfo;
import dev.reprise.api.admin.v1.JournalEntryInfo;
import dev.reprise.api.admin.v1.LimitUsage;
import dev.reprise.api.admin.v1.ListRulesResponse;
import dev.reprise.api.admin.v1.ManageInvocationRequest;
import dev.reprise.api.admin.v1.ManageInvocationResponse;
import dev.reprise.api.admin.v1.ReplaceStateRequest;
import dev.reprise.api.admin.v1.RuleInfo;
import dev.reprise.cluster.engine.StateVersion;
import dev.reprise.cluster.metadata.RuleBook;
import dev.reprise.server.ingress.Refused;
import dev.reprise.server.ingress.Refused.Reason;
import dev.reprise.server.operations.Choice;
import dev.reprise.server.operations.InvocationDescriber.Description;
import dev.reprise.server.operations.InvocationDescriber.End;
import dev.reprise.server.operations.InvocationDescriber.Entry;
import dev.reprise.server.operations.InvocationLister.Row;
import dev.reprise.server.operations.InvocationOperations.Effect;
import dev.reprise.server.operations.LimitLister.Usage;
import dev.reprise.server.operations.Operation;
import dev.reprise.storage.model.Bytes;
import dev.reprise.storage.model.LimitRule;
import dev.reprise.storage.model.Outcome.Failure;
import dev.reprise.storage.model.StateEntry;
import java.util.List;

/** Messages of the admin service, to and from what they stand for. */
final class AdminMessages {
  private AdminMessages() {}

  static InvocationInfo info(Row row) {
    return InvocationInfo.newBuilder()
        .setId(row.id())
        .setTarget(row.target())
        .setStatus(row.status())
        .setCreatedAtMillis(row.createdAtMillis())
        .setScheduledAtMillis(row.scheduledAtMillis())
        .setJournalLength(row.journalLength())
        .setDeployment(row.deployment())
        .setWaitingFor(row.waitingFor())
        .setScope(row.scope())
        .setLimitKey(row.limitKey())
        .build();
  }

  static LimitUsage usage(Usage usage) {
    LimitUsage.Builder message =
        LimitUsage.newBuilder()
            .setScope(usage.level().scope())
            .setLimitKey(usage.level().limitKey())
            .setRunning(usage.running())
            .setWaiting(usage.waiting());
    LimitRule rule = usage.rule();
    if (rule != null) {
      message.setPattern(rule.pattern().toString()).setConcurrency((int) rule.concurrency());
    }
    return message.build();
  }

  static ListRulesResponse rules(RuleBook book) {
    ListRulesResponse.Builder response = ListRulesResponse.newBuilder();
    for (RuleBook.Rule rule : book.rules().values()) {
      response.addRules(
          RuleInfo.newBuilder()
              .setPattern(rule.pattern().toString())
              .setConcurrency((int) rule.limit().concurrency())
              .setDescription(rule.description() == null ? "" : rule.description())
              .setDisabled(rule.disabled())
              .setVersion(rule.version())
              .setModifiedAtMillis(rule.modifiedAtMillis()));
    }
    return response.build();
  }

  static InvocationDetail detail(Description description) {
    InvocationDetail.Builder detail =
        InvocationDetail.newBuilder()
            .setInfo(info(description.row()))
            .setIdempotencyKey(description.idempotencyKey())
            .setProtocolVersion(description.protocolVersion());
    for (Entry entry : description.journal()) {
      detail.addJournal(
          JournalEntryInfo.newBuilder()
              .setIndex(entry.index())
              .setType(entry.type())
              .setBytes(entry.bytes()));
    }
    End end = description.end();
    if (end != null) {
      detail
          .setCompletedAtMillis(end.atMillis())
          .setOutcomeExpiresAtMillis(end.outcomeExpiresAtMillis())
          .setJournalExpiresAtMillis(end.journalExpiresAtMillis());
      Failure failure = end.failure();
      if (failure != null) {
        detail.setFailure(
            InvocationDetail.Failure.newBuilder()
                .setCode(failure.code())
                .setMessage(failure.message()));
      }
    }
    return detail.build();
  }

  static Operation operation(ManageInvocationRequest request) {
    return switch (request.getOperation()) {
      case CANCEL -> Operation.CANCEL;
      case KILL -> Operation.KILL;
      case PURGE -> Operation.PURGE;
      case PURGE_JOURNAL -> Operation.PURGE_JOURNAL;
      case PAUSE -> Operation.PAUSE;
      case RESUME -> Operation.RESUME;
      case RESTART -> Operation.RESTART_AS_NEW;
      case OPERATION_UNSPECIFIED, UNRECOGNIZED ->
          throw new Refused(Reason.MALFORMED_REQUEST, "Expected an operation");
    };
  }

  static Choice choice(Operation operation, ManageInvocationRequest request) {
    Choice usual =
        Choice.usual(operation).withThroughIndex(Integer.toUnsignedLong(request.getThroughIndex()));
    return request.getDeployment().isEmpty()
        ? usual
        : usual.withDeployment(request.getDeployment());
  }

  static ManageInvocationResponse managed(Effect effect) {
    return ManageInvocationResponse.newBuilder()
        .setDone(effect.done())
        .setNewInvocationId(effect.made() == null ? "" : effect.made().toString())
        .build();
  }

  static GetStateResponse state(List<StateEntry> entries) {
    GetStateResponse.Builder response =
        GetStateResponse.newBuilder().setVersion(StateVersion.of(entries));
    for (StateEntry entry : entries) {
      Bytes value = entry.value();
      response.addEntries(
          dev.reprise.api.admin.v1.StateEntry.newBuilder()
              .setKey(entry.key().toUtf8())
              .setValue(
                  UnsafeByteOperations.unsafeWrap(value.array(), value.offset(), value.length())));
    }
    return response.build();
  }

  static List<StateEntry> entries(ReplaceStateRequest request) {
    return request.getEntriesList().stream()
        .map(it -> new StateEntry(Bytes.utf8(it.getKey()), Bytes.of(it.getValue().toByteArray())))
        .toList();
  }
}
