package dev.reprise.storage.model;

/**
 * Which levels a limit is for: a name, or {@code *} for any, in each place down to a depth. A
 * pattern is for levels of its own depth only. Places below its depth are empty.
 */
public record LimitPattern(String scope, String first, String second) {
  public static final String ANY = "*";

  private static final String FORM =
      "Expected a pattern such as scope, scope/* or scope/first/second, but ";

  /**
   * Reads {@code scope}, {@code scope/first} or {@code scope/first/second}, with {@code *} for any
   * name; one slash at the end does not matter.
   *
   * @throws IllegalArgumentException with a message fit for a client
   */
  public static LimitPattern parse(String text) {
    String trimmed = text.strip();
    if (trimmed.isEmpty()) {
      throw new IllegalArgumentException(FORM + "it is empty");
    }
    String whole = trimmed.endsWith("/") ? trimmed.substring(0, trimmed.length() - 1) : trimmed;
    String[] names = whole.split("/", -1);
    if (names.length > 3) {
      throw new IllegalArgumentException(FORM + "it has " + names.length + " places");
    }
    for (int i = 0; i < names.length; i++) {
      names[i] = names[i].strip();
      if (!names[i].equals(ANY) && !LimitLevel.isName(names[i])) {
        throw new IllegalArgumentException(
            FORM
                + "'"
                + names[i]
                + "' is not * and not 1 to "
                + LimitLevel.MAX_NAME
                + " characters of a-z, A-Z, 0-9, _, . and -");
      }
    }
    return new LimitPattern(
        names[0], names.length > 1 ? names[1] : "", names.length > 2 ? names[2] : "");
  }

  @Override
  public String toString() {
    String text = first.isEmpty() ? scope : scope + "/" + first;
    return second.isEmpty() ? text : text + "/" + second;
  }
}
