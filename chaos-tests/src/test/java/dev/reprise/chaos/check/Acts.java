package dev.reprise.chaos.check;

import dev.reprise.chaos.history.Act;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Picks acts. */
final class Acts {
  private Acts() {}

  static List<Act> of(List<Act> acts, String verb) {
    return acts.stream().filter(it -> it.verb().equals(verb)).toList();
  }

  static Map<String, List<Act>> byKey(List<Act> acts) {
    Map<String, List<Act>> byKey = new LinkedHashMap<>();
    acts.forEach(it -> byKey.computeIfAbsent(it.key(), any -> new ArrayList<>()).add(it));
    return byKey;
  }
}
