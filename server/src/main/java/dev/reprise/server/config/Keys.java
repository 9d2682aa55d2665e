package dev.reprise.server.config;

import java.util.Collection;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How keys are spelled. */
final class Keys {
  /** Before the names of variables that are ours. */
  static final String OURS = "REPRISE_";

  /** Before the names of variables that are Restate's. */
  static final String RESTATES = "RESTATE_";

  private Keys() {}

  /** {@code WORKER__CLEANUP_INTERVAL} for {@code worker.cleanup-interval}. */
  static String variable(String key) {
    return key.replace(".", "__").replace('-', '_').toUpperCase(Locale.ROOT);
  }

  /** {@code worker.cleanup-interval} for {@code WORKER__CLEANUP_INTERVAL}, whatever its case. */
  static String ofVariable(String name) {
    return plain(name.replace("__", "."));
  }

  /** In lower case and with dashes, as the catalogue has them. */
  static String plain(String key) {
    return key.toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The most similar of them; null when none is similar. */
  static @Nullable String nearest(String key, Collection<String> all) {
    String best = null;
    int least = Math.max(2, key.length() / 3) + 1;
    for (String each : all) {
      int distance = distance(key, each);
      if (distance < least) {
        least = distance;
        best = each;
      }
    }
    return best;
  }

  /** Characters to insert, delete or replace. */
  private static int distance(String one, String other) {
    int[] before = new int[other.length() + 1];
    for (int at = 0; at < before.length; at++) {
      before[at] = at;
    }
    for (int row = 1; row <= one.length(); row++) {
      int[] now = new int[before.length];
      now[0] = row;
      for (int at = 1; at < now.length; at++) {
        int replaced = before[at - 1] + (one.charAt(row - 1) == other.charAt(at - 1) ? 0 : 1);
        now[at] = Math.min(replaced, 1 + Math.min(before[at], now[at - 1]));
      }
      before = now;
    }
    return before[other.length()];
  }
}
