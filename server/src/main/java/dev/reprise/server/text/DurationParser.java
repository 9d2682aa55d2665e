package dev.reprise.server.text;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** One pass over one text; see {@link Durations}. */
final class DurationParser {
  private static final String WANTED =
      "Expected a duration such as 10s, 1h30m or PT10S, without units above days, but got '";

  private final String text;
  private int at;
  private Duration sum = Duration.ZERO;
  private @Nullable Unit smallest;

  /** A fraction belongs to the last unit only: nothing may follow it. */
  private boolean fractional;

  DurationParser(String text) {
    this.text = text;
  }

  /** Units in the order in which they may follow each other. */
  private enum Unit {
    DAY(86_400_000_000_000L, "d", "day", "days"),
    HOUR(3_600_000_000_000L, "h", "hr", "hrs", "hour", "hours"),
    MINUTE(60_000_000_000L, "m", "min", "mins", "minute", "minutes"),
    SECOND(1_000_000_000L, "s", "sec", "secs", "second", "seconds"),
    MILLI(1_000_000L, "ms", "msec", "msecs", "milli", "millis", "millisecond", "milliseconds"),
    MICRO(
        1_000L,
        "us",
        "µs",
        "μs",
        "usec",
        "usecs",
        "micro",
        "micros",
        "microsecond",
        "microseconds"),
    NANO(1L, "ns", "nsec", "nsecs", "nano", "nanos", "nanosecond", "nanoseconds");

    private final long nanos;

    @SuppressWarnings("ImmutableEnumChecker") // An unmodifiable list.
    private final List<String> names;

    Unit(long nanos, String... names) {
      this.nanos = nanos;
      this.names = List.of(names);
    }

    static @Nullable Unit named(String name) {
      for (Unit unit : values()) {
        if (unit.names.contains(name)) {
          return unit;
        }
      }
      return null;
    }
  }

  Duration parse() {
    if (at < text.length() && text.charAt(at) == '+') {
      at++;
    }
    boolean iso = at < text.length() && (text.charAt(at) == 'P' || text.charAt(at) == 'p');
    if (iso) {
      at++;
      iso();
    } else {
      friendly();
    }
    return sum;
  }

  private void iso() {
    boolean time = false;
    while (at < text.length()) {
      if (Character.toUpperCase(text.charAt(at)) == 'T' && !time) {
        time = true;
        at++;
        if (at == text.length()) {
          throw refused();
        }
        continue;
      }
      long whole = number();
      long nanos = fraction();
      Unit unit = at < text.length() ? isoUnit(text.charAt(at), time) : null;
      if (unit == null) {
        throw refused();
      }
      at++;
      add(unit, whole, nanos);
    }
    if (smallest == null) {
      throw refused();
    }
  }

  private static @Nullable Unit isoUnit(char designator, boolean time) {
    return switch (Character.toUpperCase(designator)) {
      case 'D' -> time ? null : Unit.DAY;
      case 'H' -> time ? Unit.HOUR : null;
      case 'M' -> time ? Unit.MINUTE : null;
      case 'S' -> time ? Unit.SECOND : null;
      default -> null;
    };
  }

  private void friendly() {
    while (true) {
      long whole = number();
      if (at < text.length() && text.charAt(at) == ':') {
        clock(whole);
        break;
      }
      long nanos = fraction();
      spaces();
      int from = at;
      while (at < text.length() && Character.isLetter(text.charAt(at))) {
        at++;
      }
      Unit unit = Unit.named(text.substring(from, at).toLowerCase(Locale.ROOT));
      if (unit == null) {
        throw refused();
      }
      add(unit, whole, nanos);
      if (!more()) {
        break;
      }
    }
    if (at < text.length()) {
      throw refused();
    }
  }

  /** Whether another number follows; a comma must be followed by a space. */
  private boolean more() {
    boolean comma = at < text.length() && text.charAt(at) == ',';
    if (comma) {
      at++;
    }
    int spaces = spaces();
    if (comma && (spaces == 0 || at == text.length())) {
      throw refused();
    }
    return at < text.length();
  }

  /** Hours are read; minutes and seconds follow, two digits each. */
  private void clock(long hours) {
    add(Unit.HOUR, hours, 0);
    at++;
    add(Unit.MINUTE, sixty(), 0);
    if (at < text.length() && text.charAt(at) == ':') {
      at++;
      long seconds = sixty();
      add(Unit.SECOND, seconds, fraction());
    } else {
      throw refused();
    }
  }

  private long sixty() {
    int from = at;
    long value = number();
    if (at - from != 2 || value > 59) {
      throw refused();
    }
    return value;
  }

  private long number() {
    int from = at;
    long value = 0;
    while (at < text.length() && digit(text.charAt(at))) {
      value = Math.addExact(Math.multiplyExact(value, 10L), text.charAt(at) - '0');
      at++;
    }
    if (at == from) {
      throw refused();
    }
    return value;
  }

  /** What follows a decimal point, in billionths of the unit. */
  private long fraction() {
    boolean point = at < text.length() && (text.charAt(at) == '.' || text.charAt(at) == ',');
    if (!point || at + 1 >= text.length() || !digit(text.charAt(at + 1))) {
      return 0;
    }
    at++;
    long billionths = 0;
    int digits = 0;
    while (at < text.length() && digit(text.charAt(at))) {
      if (++digits > 9) {
        throw refused();
      }
      billionths = billionths * 10 + (text.charAt(at) - '0');
      at++;
    }
    for (; digits < 9; digits++) {
      billionths *= 10;
    }
    return billionths;
  }

  private int spaces() {
    int from = at;
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
    return at - from;
  }

  private void add(Unit unit, long whole, long billionths) {
    Unit before = smallest;
    boolean inOrder = before == null || unit.compareTo(before) > 0;
    boolean fractionAllowed = billionths == 0 || unit != Unit.DAY;
    if (!inOrder || !fractionAllowed || fractional) {
      throw refused();
    }
    fractional = billionths != 0;
    smallest = unit;
    long nanos =
        unit.nanos >= 1_000_000_000L
            ? unit.nanos / 1_000_000_000L * billionths
            : unit.nanos * billionths / 1_000_000_000L;
    sum = sum.plus(Duration.ofNanos(unit.nanos).multipliedBy(whole)).plusNanos(nanos);
  }

  private static boolean digit(char c) {
    return c >= '0' && c <= '9';
  }

  private IllegalArgumentException refused() {
    return new IllegalArgumentException(WANTED + text + "'");
  }
}
