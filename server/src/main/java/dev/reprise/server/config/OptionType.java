package dev.reprise.server.config;

import dev.reprise.server.text.ByteSizes;
import dev.reprise.server.text.Durations;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What an option's text means.
 *
 * @param name what a person calls such a text, for the page and for messages
 * @param quoted whether TOML writes it as a string
 * @param reader throws {@link IllegalArgumentException} with a sentence that names what was
 *     expected
 */
public record OptionType<T>(String name, boolean quoted, Function<String, T> reader) {
  static final OptionType<String> TEXT = new OptionType<>("text", true, text -> text);

  static final OptionType<Path> PATH = new OptionType<>("path", true, OptionType::path);

  static final OptionType<Boolean> SWITCH =
      new OptionType<>("true or false", false, OptionType::truth);

  /** A bare number counts seconds. */
  static final OptionType<Duration> DURATION =
      new OptionType<>("duration", true, OptionType::duration);

  /** In brackets or not, each with quotation marks or not; empty ones are left out. */
  static final OptionType<List<String>> LIST = new OptionType<>("list", true, OptionType::list);

  static final OptionType<HostAndPort> ADDRESS =
      new OptionType<>("host:port", true, HostAndPort::parse);

  /** A host's name or address; of a URL or with a port, the host that is in it. */
  static final OptionType<String> HOST = new OptionType<>("host", true, OptionType::host);

  /** A whole number from {@code low} to {@code high}. */
  static OptionType<Integer> number(int low, int high) {
    return new OptionType<>(
        "number",
        false,
        text -> {
          try {
            int number = Integer.parseInt(text.trim());
            if (number >= low && number <= high) {
              return number;
            }
          } catch (NumberFormatException e) {
            // Told below.
          }
          throw expected("a whole number from " + low + " to " + high, text);
        });
  }

  /** How often at most; 0 is without end, and is written as {@code unlimited}. */
  static OptionType<Integer> attempts() {
    OptionType<Integer> number = number(1, Integer.MAX_VALUE);
    return new OptionType<>(
        "number or unlimited",
        false,
        text -> text.trim().equalsIgnoreCase("unlimited") ? Integer.valueOf(0) : number.read(text));
  }

  /** A number of at least {@code low}. */
  static OptionType<Double> factor(double low) {
    return new OptionType<>(
        "number",
        false,
        text -> {
          try {
            double number = Double.parseDouble(text.trim());
            if (number >= low && Double.isFinite(number)) {
              return number;
            }
          } catch (NumberFormatException e) {
            // Told below.
          }
          throw expected("a number of at least " + low, text);
        });
  }

  /** A size of at least {@code low} bytes. */
  static OptionType<Long> size(long low) {
    return new OptionType<>(
        "size",
        true,
        text -> {
          long bytes = ByteSizes.parse(text);
          if (bytes < low) {
            throw expected("a size of at least " + ByteSizes.format(low), text);
          }
          return bytes;
        });
  }

  /** One of the names of an enumeration, in lower case. */
  static <E extends Enum<E>> OptionType<E> oneOf(Class<E> names) {
    String all =
        Arrays.stream(names.getEnumConstants())
            .map(it -> it.name().toLowerCase(Locale.ROOT))
            .collect(Collectors.joining(" or "));
    return new OptionType<>(
        all,
        true,
        text -> {
          for (E each : names.getEnumConstants()) {
            if (each.name().equalsIgnoreCase(text.trim())) {
              return each;
            }
          }
          throw expected(all, text);
        });
  }

  /** The same for durations of more than nothing. */
  static OptionType<Duration> positiveDuration() {
    return new OptionType<>(
        "duration",
        true,
        text -> {
          Duration duration = duration(text);
          if (!duration.isPositive()) {
            throw expected("a duration above zero", text);
          }
          return duration;
        });
  }

  T read(String text) {
    return reader.apply(text);
  }

  private static Path path(String text) {
    if (text.isBlank()) {
      throw expected("a path", text);
    }
    return Path.of(text.trim());
  }

  private static String host(String text) {
    String bare = text.trim().replaceFirst("^https?://", "").replaceFirst("/.*$", "");
    return bare.replaceFirst(":[0-9]+$", "").replaceFirst("^\\[(.*)]$", "$1");
  }

  private static Boolean truth(String text) {
    return switch (text.trim().toLowerCase(Locale.ROOT)) {
      case "true" -> true;
      case "false" -> false;
      default -> throw expected("true or false", text);
    };
  }

  private static Duration duration(String text) {
    String trimmed = text.trim();
    boolean bare = !trimmed.isEmpty() && trimmed.chars().allMatch(it -> it >= '0' && it <= '9');
    return Durations.parse(bare ? trimmed + "s" : trimmed);
  }

  private static List<String> list(String text) {
    String trimmed = text.trim();
    if (trimmed.startsWith("[") != trimmed.endsWith("]")) {
      throw expected("a list such as [a, b]", text);
    }
    String inner = trimmed.startsWith("[") ? trimmed.substring(1, trimmed.length() - 1) : trimmed;
    return Arrays.stream(inner.split(",", -1))
        .map(OptionType::bare)
        .filter(it -> !it.isEmpty())
        .toList();
  }

  private static String bare(String element) {
    String trimmed = element.trim();
    boolean marks = isBetween(trimmed, "\"") || isBetween(trimmed, "'");
    return marks ? trimmed.substring(1, trimmed.length() - 1) : trimmed;
  }

  private static boolean isBetween(String text, String mark) {
    return text.length() >= 2 && text.startsWith(mark) && text.endsWith(mark);
  }

  private static IllegalArgumentException expected(String what, String text) {
    return new IllegalArgumentException("Expected " + what + ", but got '" + text + "'");
  }
}
