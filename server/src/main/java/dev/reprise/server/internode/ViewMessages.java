package dev.reprise.server.internode;

import com.google.protobuf.ByteString;
import dev.reprise.api.internode.v1.Answer.Described;
import dev.reprise.api.internode.v1.Answer.End;
import dev.reprise.api.internode.v1.Answer.JournalEntry;
import dev.reprise.api.internode.v1.Answer.Level;
import dev.reprise.api.internode.v1.Answer.Levels;
import dev.reprise.api.internode.v1.Answer.Listed;
import dev.reprise.api.internode.v1.Answer.Page;
import dev.reprise.api.internode.v1.Answer.Uses;
import dev.reprise.cluster.partition.Ingress.Answer;
import dev.reprise.cluster.partition.Inspection;
import dev.reprise.storage.codec.LimitCodec;
import dev.reprise.storage.codec.Parts;
import dev.reprise.storage.kv.ByteWriter;
import dev.reprise.storage.model.InvocationId;
import dev.reprise.storage.model.LimitLevel;
import dev.reprise.storage.model.LimitRule;
import org.jspecify.annotations.Nullable;

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
        .setScope(row.scope())
        .setLimitKey(row.limitKey())
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
        in.getWaitingFor(),
        in.getScope(),
        in.getLimitKey());
  }

  static Levels write(Answer.Levels levels) {
    Levels.Builder out = Levels.newBuilder().setNext(bytesOrEmpty(levels.next()));
    levels.rows().forEach(row -> out.addRows(write(row)));
    return out.build();
  }

  static Answer.Levels read(Levels in) {
    return new Answer.Levels(
        in.getRowsList().stream().map(ViewMessages::read).toList(), levelOrNull(in.getNext()));
  }

  private static Level write(Inspection.Level row) {
    Level.Builder out =
        Level.newBuilder()
            .setLevel(bytesOrEmpty(row.level()))
            .setRunning(row.running())
            .setWaiting(row.waiting());
    LimitRule rule = row.rule();
    if (rule != null) {
      ByteWriter pattern = new ByteWriter();
      LimitCodec.pattern(rule.pattern(), pattern);
      out.setPattern(QuestionMessages.wrap(pattern)).setConcurrency((int) rule.concurrency());
    }
    return out.build();
  }

  private static Inspection.Level read(Level in) {
    LimitRule rule =
        in.getPattern().isEmpty()
            ? null
            : new LimitRule(
                LimitCodec.pattern(QuestionMessages.reader(in.getPattern())),
                Integer.toUnsignedLong(in.getConcurrency()));
    return new Inspection.Level(level(in.getLevel()), in.getRunning(), in.getWaiting(), rule);
  }

  static ByteString bytesOrEmpty(@Nullable LimitLevel level) {
    if (level == null) {
      return ByteString.EMPTY;
    }
    ByteWriter out = new ByteWriter();
    LimitCodec.level(level, out);
    return QuestionMessages.wrap(out);
  }

  private static LimitLevel level(ByteString bytes) {
    return Parts.whole("a level of limits", () -> LimitCodec.level(QuestionMessages.reader(bytes)));
  }

  static @Nullable LimitLevel levelOrNull(ByteString bytes) {
    return bytes.isEmpty() ? null : level(bytes);
  }

  static Uses write(Answer.Uses uses) {
    InvocationId after = uses.next().after();
    return Uses.newBuilder()
        .setUnderWay(uses.underWay())
        .setPinned(uses.pinned())
        .setNext(after == null ? ByteString.EMPTY : QuestionMessages.bytes(after))
        .build();
  }

  static Answer.Uses read(Uses in) {
    return new Answer.Uses(
        in.getUnderWay(),
        in.getPinned(),
        new Inspection.Next(QuestionMessages.idOrNull(in.getNext())));
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
