package dev.reprise.chaos.check;

import dev.reprise.chaos.history.Act;
import dev.reprise.chaos.history.Fate;
import java.util.ArrayList;
import java.util.List;

/** Tells a history by hand, for the tests of the checks. Times are small whole numbers. */
final class Tale {
  private final List<Act> acts = new ArrayList<>();
  private String key = "k";

  static Tale tale() {
    return new Tale();
  }

  /** What follows is of this key. */
  Tale of(String other) {
    key = other;
    return this;
  }

  Tale done(String verb, String input, String output, long begin, long end) {
    return add(verb, input, Fate.DONE, output, begin, end);
  }

  Tale unknown(String verb, String input, long begin, long end) {
    return add(verb, input, Fate.UNKNOWN, "", begin, end);
  }

  Tale notDone(String verb, String input, long begin, long end) {
    return add(verb, input, Fate.NOT_DONE, "", begin, end);
  }

  private Tale add(String verb, String input, Fate fate, String output, long begin, long end) {
    acts.add(new Act("tale", key, acts.size(), 0, verb, input, fate, output, begin, end));
    return this;
  }

  List<Act> acts() {
    return acts;
  }
}
