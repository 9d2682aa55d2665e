package dev.reprise.server.internode;

import com.google.protobuf.ByteString;
import dev.reprise.api.internode.v1.Answer.Described;
import dev.reprise.api.internode.v1.Answer.End;
import dev.reprise.api.internode.v1.Answer.JournalEntry;
import dev.reprise.api.internode.v1.Answer.Listed;
import dev.reprise.api.internode.v1.Answer.Page;
import dev.reprise.cluster.partition.Ingress.Answer;
import dev.reprise.cluster.partition.Inspection;
import dev.reprise.storage.model.InvocationId;

/** What a person looks at, as messages and back. */
final class ViewMessages {
  private ViewMessages() {}

  static Page write(Answer.Page page) {
    Page.Builder out = Page.newBuilder();
    page.rows().forEach(row -> out.addRows(write(row)));
    InvocationId after = page.next().after();
    return out.setNext(after == null ? ByteString.EMPTY : QuestionMessages.bytes(after)).build();
  }

  static Answer.Page read(Page in) {
    return new Answer.Page(
        in.getRowsList().stream().map(ViewMessages::read).toList(),
        new Inspection.Next(QuestionMessages.idOrNull(in.getNext())));
  }

  private static Listed write(Inspection.Listed row) {
    return Listed.newBuilder()
        .setId(QuestionMessages.bytes(row.id()))
        .setTarget(row.target())
        .setStatus(row.status())
        .setCreatedAtMillis(row.createdAtMillis())
        .setScheduledAtMillis(row.scheduledAtMillis())
        .setJournalLength(row.journalLength())
        .setDeployment(row.deployment())
        .setWaitingFor(row.waitingFor())
        .build();
  }

  private static Inspection.Listed read(Listed in) {
    return new Inspection.Listed(
        QuestionMessages.id(in.getId()),
        in.getTarget(),
        in.getStatus(),
        in.getCreatedAtMillis(),
        in.getScheduledAtMillis(),
        in.getJournalLength(),
        in.getDeployment(),
        in.getWaitingFor());
  }

  static Described write(Answer.Described described) {
    Described.Builder out =
        Described.newBuilder()
            .setRow(write(described.row()))
            .setIdempotencyKey(described.idempotencyKey())
            .setProtocolVersion(described.protocolVersion());
    for (Inspection.Entry entry : described.journal()) {
      out.addJournal(JournalEntry.newBuilder().setType(entry.type()).setBytes(entry.bytes()));
    }
    Inspection.End end = described.end();
    if (end != null) {
      out.setEnd(
          End.newBuilder()
              .setAtMillis(end.atMillis())
              .setFailed(end.failed())
              .setCode(end.code())
              .setMessage(end.message())
              .setOutcomeExpiresAtMillis(end.outcomeExpiresAtMillis())
              .setJournalExpiresAtMillis(end.journalExpiresAtMillis()));
    }
    return out.build();
  }

  static Answer.Described read(Described in) {
    return new Answer.Described(
        read(in.getRow()),
        in.getIdempotencyKey(),
        in.getProtocolVersion(),
        in.getJournalList().stream()
            .map(it -> new Inspection.Entry(it.getType(), it.getBytes()))
            .toList(),
        in.hasEnd() ? read(in.getEnd()) : null);
  }

  private static Inspection.End read(End in) {
    return new Inspection.End(
        in.getAtMillis(),
        in.getFailed(),
        in.getCode(),
        in.getMessage(),
        in.getOutcomeExpiresAtMillis(),
        in.getJournalExpiresAtMillis());
  }
}
