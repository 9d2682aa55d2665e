package dev.reprise.server.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sizes as people write them. */
class ByteSizesTest {
  @Test
  void sizesAreReadWithAndWithoutUnits() {
    assertThat(ByteSizes.parse("0")).isZero();
    assertThat(ByteSizes.parse("1024")).isEqualTo(1_024);
    assertThat(ByteSizes.parse("16KiB")).isEqualTo(16 << 10);
    assertThat(ByteSizes.parse(" 1.5 MiB ")).isEqualTo(3 << 19);
    assertThat(ByteSizes.parse("64MB")).isEqualTo(64_000_000);
    assertThat(ByteSizes.parse("2gib")).isEqualTo(2L << 30);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "KiB", "1 KiX", "-1", "1..2", "99999999999999999999GiB"})
  void whatIsNoSizeIsRefused(String text) {
    assertThatThrownBy(() -> ByteSizes.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Expected a size such as 16KiB");
  }
}
