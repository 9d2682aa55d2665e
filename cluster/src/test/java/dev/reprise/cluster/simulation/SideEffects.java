package dev.reprise.cluster.simulation;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** What steps did to the world outside: each execution leaves a token that nobody else has. */
final class SideEffects {
  private final Map<String, Integer> executions = new HashMap<>();
  private final Set<String> tokens = new HashSet<>();

  /** Executes a step once more, and returns what that execution gave. */
  String execute(String step) {
    String token = step + "#" + executions.merge(step, 1, Integer::sum);
    tokens.add(token);
    return token;
  }

  /** How often something happened, counted here for handlers that need to know. */
  int count(String what) {
    return executions.merge(what, 1, Integer::sum);
  }

  boolean gave(String token) {
    return tokens.contains(token);
  }
}
