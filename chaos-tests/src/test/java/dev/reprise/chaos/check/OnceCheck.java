package dev.reprise.chaos.check;

import dev.reprise.chaos.history.Act;
import dev.reprise.chaos.history.Fate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What was sent arrives once. {@code send}, whose input names it; {@code received} answers the
 * names that its key has received, separated by commas, when nothing is on its way any more.
 */
public final class OnceCheck {
  private OnceCheck() {}

  /** Judges all keys. */
  public static Verdict judge(String name, List<Act> acts) {
    List<String> wrong = new ArrayList<>();
    Acts.byKey(acts).forEach((key, ofKey) -> receiver(key, ofKey, wrong));
    return Verdict.of(name, acts.size(), wrong);
  }

  private static void receiver(String key, List<Act> acts, List<String> wrong) {
    List<Act> received = Acts.of(acts, "received").stream().filter(Act::done).toList();
    if (received.isEmpty()) {
      wrong.add(key + " was never asked what it has received");
      return;
    }
    Map<String, Integer> arrived = new HashMap<>();
    String names = received.getLast().output();
    for (String name : names.isEmpty() ? new String[0] : names.split(",", -1)) {
      arrived.merge(name, 1, Integer::sum);
    }
    Map<String, Fate> sent = new HashMap<>();
    for (Act send : Acts.of(acts, "send")) {
      sent.merge(send.input(), send.fate(), OnceCheck::surest);
    }
    sent.forEach(
        (name, fate) -> {
          int times = arrived.getOrDefault(name, 0);
          boolean fine =
              switch (fate) {
                case DONE -> times == 1;
                case UNKNOWN -> times <= 1;
                case NOT_DONE -> times == 0;
              };
          if (!fine) {
            wrong.add("%s has %s %d times, and its fate was %s".formatted(key, name, times, fate));
          }
        });
    arrived.keySet().stream()
        .filter(it -> !sent.containsKey(it))
        .forEach(it -> wrong.add(key + " has " + it + ", which nobody sent"));
  }

  /** Of one name that was asked for more than once. */
  private static Fate surest(Fate one, Fate other) {
    if (one == Fate.DONE || other == Fate.DONE) {
      return Fate.DONE;
    }
    return one == Fate.UNKNOWN ? one : other;
  }
}
