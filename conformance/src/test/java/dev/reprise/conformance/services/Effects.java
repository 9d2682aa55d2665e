package dev.reprise.conformance.services;

/** What handlers do to the world outside. Safe for use by many threads. */
public interface Effects {
  /** Leaves a trace; returns how many of its kind the subject has, with this one. */
  int trace(String subject, String effect);

  /** Whether somebody outside has raised the flag. */
  boolean raised(String flag);
}
