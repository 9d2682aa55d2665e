package dev.reprise.server.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "PT1H|PT1H",
        "P1D|P1D",
        "PT0S|PT0S",
        "pt10s|PT10S",
        "P1DT2H3M4.5S|P1DT2H3M4.5S",
        "PT1.5H|PT1H30M",
        "0s|PT0S",
        "10s|PT10S",
        "10sec|PT10S",
        "10 seconds|PT10S",
        "60 sec|PT1M",
        "1h30m|PT1H30M",
        "1h 30m|PT1H30M",
        "1 hour, 30 minutes|PT1H30M",
        "5m|PT5M",
        "1.5s|PT1.5S",
        "1000ms|PT1S",
        "1 day|P1D",
        "2 days|P2D",
        "1d 02:03:04.5|P1DT2H3M4.5S",
        "250us|PT0.00025S",
        "3ns|PT0.000000003S",
        "+5s|PT5S"
      })
  void aDurationIsReadInEitherForm(String text, Duration expected) {
    assertThat(Durations.parse(text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "10",
        "10000",
        "abc",
        "-5s",
        "P1Y",
        "P1M",
        "P1W",
        "1w",
        "1y",
        "1 month",
        "P",
        "PT",
        "P1DT",
        "PT-1S",
        "1s1h",
        "1s 1s",
        "1.5h30m",
        "1.5d",
        "10 s x",
        "1h,30m",
        "1h,",
        "s",
        "1:2:3",
        "01:02",
        "5s ago",
        "PT1S1H",
        "99999999999999999999s",
        "9999999999999999d",
        "P1H",
        "1.s"
      })
  void whatIsNoDurationIsRefused(String text) {
    assertThatThrownBy(() -> Durations.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Expected a duration");
  }

  @ParameterizedTest
  @CsvSource({"P1D, 1d", "PT2H, 2h", "PT1M30S, 1m 30s", "PT0.5S, 500ms", "PT0S, 0s"})
  void aDurationIsWrittenLargestUnitsFirst(Duration duration, String expected) {
    assertThat(Durations.format(duration)).isEqualTo(expected);
  }

  @Test
  void whatIsWrittenIsReadBack() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 10_000; i++) {
      Duration duration = Duration.ofNanos(random.nextLong() >>> (1 + random.nextInt(63)));
      assertThat(Durations.parse(Durations.format(duration)))
          .as("seed %d", seed)
          .isEqualTo(duration);
      assertThat(Durations.parse(duration.toString())).as("seed %d", seed).isEqualTo(duration);
    }
  }
}
