package dev.reprise.storage.model;

import java.util.List;

/** What a suspended invocation can be woken by: any one of these. Never empty. */
public record Awaiting(List<Integer> completions, List<Integer> signals, List<String> names) {
  public Awaiting {
    completions = List.copyOf(completions);
    signals = List.copyOf(signals);
    names = List.copyOf(names);
    if (completions.isEmpty() && signals.isEmpty() && names.isEmpty()) {
      throw new IllegalArgumentException("Expected something to wait for, but got nothing");
    }
  }
}
