package dev.reprise.server.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Puts together what files, the environment and the command line say. */
public final class Configurations {
  private Configurations() {}

  /**
   * Files of keys that the command line names.
   *
   * @param ours null for the one that {@code REPRISE_CONFIG} names, if any
   * @param restates null for the one that {@code RESTATE_CONFIG} names, if any
   */
  public record Files(@Nullable Path ours, @Nullable Path restates) {
    /** None. */
    public static final Files NONE = new Files(null, null);
  }

  /**
   * All of it, in rising order: what an image has for its own, a file of Restate's, one of ours,
   * variables of Restate's, variables of ours, flags.
   *
   * @param flags names without dashes, and what was given
   * @throws ConfigException with a line for each thing that is wrong
   */
  public static Configuration read(
      Files files, Map<String, String> environment, Map<String, String> flags) {
    List<Said> all = new ArrayList<>();
    String place = environment.getOrDefault(Variables.DEFAULT_BASE_DIR, "");
    if (!place.isEmpty()) {
      all.add(
          new Said(
              NodeOptions.BASE_DIR.key(), place, Variables.DEFAULT_BASE_DIR, Said.Source.PACKAGE));
    }
    Path theirs = file(files.restates(), environment, Keys.RESTATES);
    if (theirs != null) {
      all.addAll(TomlFile.read(theirs, Said.Source.RESTATE_FILE));
    }
    Path ours = file(files.ours(), environment, Keys.OURS);
    if (ours != null) {
      all.addAll(TomlFile.read(ours, Said.Source.FILE));
    }
    List<Said> variables = Variables.read(environment);
    for (Said.Source source : List.of(Said.Source.RESTATE_VARIABLE, Said.Source.VARIABLE)) {
      variables.stream().filter(it -> it.source() == source).forEach(all::add);
    }
    flags.forEach((name, text) -> all.add(new Said(name, text, "--" + name, Said.Source.FLAG)));
    return Configuration.of(all);
  }

  private static @Nullable Path file(
      @Nullable Path given, Map<String, String> environment, String prefix) {
    String named = environment.getOrDefault(prefix + "CONFIG", "");
    return given != null || named.isEmpty() ? given : Path.of(named);
  }
}
