package dev.reprise.server.config;

import java.util.List;
import java.util.stream.Collectors;

/** The page that lists the catalogue: {@code docs/configuration.md}. */
public final class ReferencePage {
  private static final String HEAD =
      """
      # Configuration

      <!-- Made from the catalogue of options; `reprise configuration-page` prints it. Do not edit. -->

      A node is told what to do by, in rising order (what a later one says counts):

      1. a file of Restate's, named by `--config-file` or `RESTATE_CONFIG`;
      2. a file of ours, named by `--config` or `REPRISE_CONFIG`;
      3. variables that begin with `RESTATE_`;
      4. variables that begin with `REPRISE_`;
      5. flags of the command line.

      Files are TOML; a dot in a key is a table (`worker.cleanup-interval` is `cleanup-interval` below `[worker]`). A variable is the key
      in capitals, with `__` for a dot and `_` for a dash: `REPRISE_WORKER__CLEANUP_INTERVAL`. A flag's name without its dashes may stand
      for the key in files and variables, too. An empty variable says nothing.

      **Ours is strict**: a key that is not listed here is an error that names the nearest one, and nothing starts. **Restate's is
      lenient**: a key that is not known, or has no effect here, is one warning. A value that cannot be read is an error in both.

      `reprise server --dump-config` prints all of it as TOML, with who said what, and ends; so does SIGUSR1, to standard error, and the
      node goes on.

      Types: a *duration* is `10s`, `1h 30m`, `PT10S` or a number of seconds; a *size* is `64MiB`, `1.5 GB` or a number of bytes; a *list*
      is `[a, b]`, with quotation marks or without.
      """;

  private ReferencePage() {}

  /** The whole page. */
  public static String text() {
    StringBuilder out = new StringBuilder(HEAD);
    Catalogue.SECTIONS.forEach(it -> section(it, out));
    out.append("\n## Variables that are no options\n\n| variable | what |\n|---|---|\n");
    Variables.OTHERS.forEach((name, doc) -> out.append("| `%s` | %s |%n".formatted(name, doc)));
    out.append(
        """

        ## Keys of Restate's without effect

        They are accepted in files and variables of Restate's, with a warning.

        | why | keys |
        |---|---|
        """);
    for (RestateKeys.Idle idle : RestateKeys.IDLE) {
      out.append("| %s | %s |%n".formatted(idle.why(), code(idle.keys())));
    }
    return out.toString();
  }

  private static void section(Catalogue.Section section, StringBuilder out) {
    out.append("\n## ").append(section.title()).append("\n\n");
    out.append("| key | flag | type | default | what | since |\n|---|---|---|---|---|---|\n");
    for (Option<?> option : section.options()) {
      String others =
          option.others().isEmpty() ? "" : " (Restate's name: " + code(option.others()) + ")";
      String standard = option.standard();
      out.append(
          "| `%s` | `--%s` | %s | %s | %s%s | %s |%n"
              .formatted(
                  option.key(),
                  option.flag(),
                  option.type().name(),
                  standard == null || standard.isEmpty() ? "–" : "`" + standard + "`",
                  option.doc(),
                  others,
                  option.since()));
    }
  }

  private static String code(List<String> keys) {
    return keys.stream().map(it -> "`" + it + "`").collect(Collectors.joining(", "));
  }
}
