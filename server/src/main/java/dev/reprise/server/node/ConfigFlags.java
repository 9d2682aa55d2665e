package dev.reprise.server.node;

import dev.reprise.server.config.Catalogue;
import dev.reprise.server.config.Option;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** The catalogue of options as flags of a command line. */
final class ConfigFlags {
  private ConfigFlags() {}

  /** Adds a flag for each option. A switch may stand alone. */
  static void addTo(CommandSpec command) {
    Catalogue.options().forEach(option -> command.addOption(flag(option)));
  }

  private static OptionSpec flag(Option<?> option) {
    String standard = option.standard();
    boolean told = standard != null && !standard.isEmpty();
    OptionSpec.Builder flag =
        OptionSpec.builder("--" + option.flag())
            .type(String.class)
            .paramLabel(option.type().name().toUpperCase(Locale.ROOT).replace(' ', '-'))
            .description(
                (option.doc() + (told ? " (default: " + standard + ")" : "")).replace("%", "%%"));
    return option.isSwitch() ? flag.arity("0..1").fallbackValue("true").build() : flag.build();
  }

  /** What was given, by the flags' names without dashes. */
  static Map<String, String> given(ParseResult command) {
    Map<String, String> given = new LinkedHashMap<>();
    Catalogue.options()
        .forEach(
            option -> {
              if (command.hasMatchedOption("--" + option.flag())) {
                given.put(option.flag(), command.matchedOptionValue("--" + option.flag(), ""));
              }
            });
    return given;
  }
}
