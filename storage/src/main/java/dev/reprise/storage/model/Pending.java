package dev.reprise.storage.model;

/**
 * Why a completion has not arrived yet. Kept beside its completion id, so that every wait can be
 * explained.
 */
public sealed interface Pending {
  Run RUN = new Run();

  /** The result of a step that was announced. */
  record Run() implements Pending {}

  /** A timer at {@code atMillis} of log time. */
  record Sleep(long atMillis) implements Pending {}

  /** The outcome of another invocation, which was called. */
  record Call(InvocationId callee) implements Pending {}

  /** The outcome of another invocation, which was there before. */
  record Attach(InvocationId target) implements Pending {}

  /** The outcome of another invocation, if it has one when it is asked. */
  record Output(InvocationId target) implements Pending {}

  /** A promise of the workflow. */
  record Promise(String key) implements Pending {}
}
