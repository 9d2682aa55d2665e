package dev.reprise.conformance;

import java.util.Map;

/** What is known not to hold. */
@FunctionalInterface
public interface Expected {
  /** Nothing: every row passes. */
  Expected NOTHING = setting -> Map.of();

  /** The names of rows that may fail in this setting, with the reason. */
  Map<String, String> failuresIn(Setting setting);
}
