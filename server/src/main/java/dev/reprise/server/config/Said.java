package dev.reprise.server.config;

/**
 * One thing that somebody said.
 *
 * @param key as the catalogue may have it
 * @param text what it is to be
 * @param origin who says so, for messages: {@code REPRISE_ADMIN_PORT}
 * @param source what it stands in
 */
record Said(String key, String text, String origin, Source source) {
  /** Who may say something, in rising order: what a later one says counts. */
  enum Source {
    PACKAGE(true),
    RESTATE_FILE(false),
    FILE(true),
    RESTATE_VARIABLE(false),
    VARIABLE(true),
    FLAG(true);

    private final boolean strict;

    Source(boolean strict) {
      this.strict = strict;
    }

    /** Whether a key that the catalogue does not know is an error; otherwise it is told. */
    boolean isStrict() {
      return strict;
    }
  }
}
