package dev.reprise.storage.model;

import java.util.List;

/**
 * One of the levels at which a scoped invocation counts: its scope, the first name of its limit key
 * below that, or both names. Names that are not part of the level are empty.
 */
public record LimitLevel(String scope, String first, String second) {
  /** The longest name of a scope, or of a part of a limit key, in characters. */
  public static final int MAX_NAME = 36;

  public LimitLevel {
    if (scope.isEmpty() || (first.isEmpty() && !second.isEmpty())) {
      throw new IllegalArgumentException(
          "Expected a scope, and a second name only below a first, but got " + scope + "/" + first);
    }
  }

  /**
   * The levels that an invocation counts for, broadest first.
   *
   * @param limitKey one name, two with a slash between, or empty
   */
  public static List<LimitLevel> of(String scope, String limitKey) {
    LimitLevel broad = new LimitLevel(scope, "", "");
    if (limitKey.isEmpty()) {
      return List.of(broad);
    }
    int slash = limitKey.indexOf('/');
    if (slash < 0) {
      return List.of(broad, new LimitLevel(scope, limitKey, ""));
    }
    String first = limitKey.substring(0, slash);
    return List.of(
        broad,
        new LimitLevel(scope, first, ""),
        new LimitLevel(scope, first, limitKey.substring(slash + 1)));
  }

  /** Whether this may be the name of a scope, or a part of a limit key. */
  public static boolean isName(String text) {
    if (text.isEmpty() || text.length() > MAX_NAME) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      if (!letter && !(c >= '0' && c <= '9') && c != '_' && c != '.' && c != '-') {
        return false;
      }
    }
    return true;
  }

  /** Whether this may be a limit key: one name, or two with a slash between. */
  public static boolean isLimitKey(String text) {
    int slash = text.indexOf('/');
    return slash < 0
        ? isName(text)
        : isName(text.substring(0, slash)) && isName(text.substring(slash + 1));
  }

  /** How many names stand below the scope: 0 to 2. */
  public int depth() {
    return first.isEmpty() ? 0 : second.isEmpty() ? 1 : 2;
  }

  /** The names below the scope, as a limit key has them; empty at the scope itself. */
  public String limitKey() {
    return second.isEmpty() ? first : first + "/" + second;
  }

  @Override
  public String toString() {
    return switch (depth()) {
      case 0 -> scope;
      case 1 -> scope + "/" + first;
      default -> scope + "/" + first + "/" + second;
    };
  }
}
