package dev.reprise.cli;

import dev.reprise.api.admin.v1.InvocationDetail;
import dev.reprise.api.admin.v1.InvocationInfo;
import dev.reprise.api.admin.v1.JournalEntryInfo;
import java.time.Instant;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** One invocation and its journal, for a person or as JSON. */
final class InvocationView {
  private final Output output;
  private final InvocationDetail detail;

  InvocationView(Output output, InvocationDetail detail) {
    this.output = output;
    this.detail = detail;
  }

  void print() {
    InvocationInfo info = detail.getInfo();
    Table facts = new Table("INVOCATION", info.getId());
    facts.row("target", info.getTarget());
    facts.row("status", info.getStatus());
    fact(facts, "waits for", info.getWaitingFor());
    fact(facts, "idempotency key", detail.getIdempotencyKey());
    fact(facts, "scope", info.getScope());
    fact(facts, "limit key", info.getLimitKey());
    fact(facts, "deployment", info.getDeployment());
    if (detail.getProtocolVersion() > 0) {
      facts.row("protocol", Integer.toString(detail.getProtocolVersion()));
    }
    time(facts, "created", info.getCreatedAtMillis());
    time(facts, "starts", info.getScheduledAtMillis());
    time(facts, "completed", detail.getCompletedAtMillis());
    if (detail.getCompletedAtMillis() > 0) {
      facts.row("outcome", outcome());
      time(facts, "outcome kept until", detail.getOutcomeExpiresAtMillis());
      time(facts, "journal kept until", detail.getJournalExpiresAtMillis());
    }
    facts.print(output);
    if (detail.getJournalCount() > 0) {
      output.line("");
      Table journal = new Table("ENTRY", "TYPE", "BYTES");
      for (JournalEntryInfo entry : detail.getJournalList()) {
        journal.row(
            Integer.toString(entry.getIndex()),
            entry.getType(),
            Integer.toString(entry.getBytes()));
      }
      journal.print(output);
    }
    int more = info.getJournalLength() - detail.getJournalCount();
    if (more > 0) {
      output.line(output.dim("and " + more + " entries more"));
    }
  }

  ObjectNode json() {
    ObjectNode json = Output.JSON.createObjectNode();
    put(json, detail.getInfo());
    put(json, "idempotency_key", detail.getIdempotencyKey());
    if (detail.getProtocolVersion() > 0) {
      json.put("protocol_version", detail.getProtocolVersion());
    }
    if (detail.getCompletedAtMillis() > 0) {
      json.put("completed_at", instant(detail.getCompletedAtMillis()));
      json.put("outcome_expires_at", instant(detail.getOutcomeExpiresAtMillis()));
      json.put("journal_expires_at", instant(detail.getJournalExpiresAtMillis()));
    }
    if (detail.hasFailure()) {
      json.putObject("failure")
          .put("code", detail.getFailure().getCode())
          .put("message", detail.getFailure().getMessage());
    }
    ArrayNode journal = json.putArray("journal");
    for (JournalEntryInfo entry : detail.getJournalList()) {
      journal
          .addObject()
          .put("index", entry.getIndex())
          .put("type", entry.getType())
          .put("bytes", entry.getBytes());
    }
    return json;
  }

  /** Adds what a list shows of an invocation. */
  static void put(ObjectNode json, InvocationInfo row) {
    json.put("id", row.getId()).put("target", row.getTarget()).put("status", row.getStatus());
    json.put("created_at", instant(row.getCreatedAtMillis()));
    if (row.getScheduledAtMillis() > 0) {
      json.put("scheduled_at", instant(row.getScheduledAtMillis()));
    }
    json.put("journal_length", Integer.toUnsignedLong(row.getJournalLength()));
    put(json, "deployment", row.getDeployment());
    put(json, "waiting_for", row.getWaitingFor());
    put(json, "scope", row.getScope());
    put(json, "limit_key", row.getLimitKey());
  }

  private static void put(ObjectNode json, String field, String text) {
    if (!text.isEmpty()) {
      json.put(field, text);
    }
  }

  private String outcome() {
    return detail.hasFailure()
        ? "failure " + detail.getFailure().getCode() + ": " + detail.getFailure().getMessage()
        : "success";
  }

  private static void fact(Table table, String name, String text) {
    if (!text.isEmpty()) {
      table.row(name, text);
    }
  }

  private static void time(Table table, String name, long millis) {
    if (millis > 0) {
      table.row(name, instant(millis));
    }
  }

  private static String instant(long millis) {
    return Instant.ofEpochMilli(millis).toString();
  }
}
