package dev.reprise.server.invoker.frames;

import dev.reprise.storage.model.LimitLevel;

/** Scopes and limit keys in frames. */
final class Limits {
  private static final String NAME = "1 to 36 characters of a-z, A-Z, 0-9, _, . and -";

  private Limits() {}

  /** The scope; empty when there is none. */
  static String scope(int type, boolean has, String scope) {
    Parsing.precondition(!has || LimitLevel.isName(scope), type, "a scope of " + NAME);
    return scope;
  }

  /** The limit key; empty when there is none. */
  static String limitKey(int type, boolean has, String limitKey, boolean hasScope) {
    Parsing.precondition(
        !has || LimitLevel.isLimitKey(limitKey), type, "a limit key a or a/b, each of " + NAME);
    Parsing.precondition(!has || hasScope, type, "a limit key only with a scope");
    return limitKey;
  }
}
