package dev.reprise.conformance;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What this server does not have yet, and why. The list must shrink: a row that passes although it
 * is listed fails the test.
 */
final class NotYet {
  private static final Map<String, List<String>> BY_REASON =
      Map.of(
          "awakeables and signals are not there",
          List.of(
              "idempotency: attach and output by key",
              "idempotency: attach and output by id",
              "state: shared handlers run beside an exclusive one",
              "call: a handler attaches to another invocation",
              "call: a handler looks at another's output",
              "awakeable: a client resolves it",
              "awakeable: a client rejects it",
              "awakeable: a handler resolves it",
              "awakeable: a handler rejects it",
              "awakeable: what completes it first stays",
              "awakeable: who waits for it is put away",
              "signal: named ones arrive in any order",
              "signal: one may be rejected",
              "signal: one to a scheduled invocation is not lost",
              "combinator: nested",
              "deployment: what is in flight stays on its version"),
          "workflows are not there",
          List.of(
              "workflow: a shared handler resolves what run awaits",
              "workflow: a shared handler rejects what run awaits",
              "workflow: shared handlers see state and promise",
              "workflow: a promise is completed once",
              "workflow: a promise resolved before run awaits it is kept",
              "workflow: run happens once per key",
              "workflow: attach and output by key",
              "workflow: a handler starts one and awaits it",
              "workflow: it is forgotten after its retention"),
          "cancel and kill are not there",
          List.of(
              "cancel: the code cleans up",
              "cancel: goes down the tree of calls",
              "cancel: a scheduled one never starts",
              "cancel: a queued one never starts, and the key goes on",
              "cancel: a handler cancels by id",
              "cancel: a handler cancels what it called",
              "cancel: the code may decide itself",
              "cancel: a completed one is not cancelled",
              "kill: ends at once, without cleaning up",
              "kill: takes the tree of calls along",
              "kill: leaves no locked key"),
          "the admin API has no operations on invocations",
          List.of(
              "retry: the last attempt pauses; resumed it goes on",
              "operation: a paused one waits until it is resumed",
              "operation: a paused one can be killed",
              "operation: a completed one is restarted as new",
              "operation: a running one is not restarted, nor purged",
              "operation: a purged one is forgotten",
              "operation: a purged journal leaves the outcome",
              "operation: many are cancelled at once",
              "operation: an unknown id is refused"),
          "the admin API changes neither services nor state",
          List.of(
              "request: a service is made private and public at run time",
              "state: an operator replaces it"));

  /** Rows by name, with the reason. */
  static final Map<String, String> ROWS = rows();

  private NotYet() {}

  private static Map<String, String> rows() {
    Map<String, String> rows = new LinkedHashMap<>();
    BY_REASON.forEach((reason, names) -> names.forEach(it -> rows.put(it, reason)));
    return Map.copyOf(rows);
  }
}
