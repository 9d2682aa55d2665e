package dev.reprise.storage.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Invocation ids as text and as bytes, by the vectors of the service protocol. */
class InvocationIdTest {
  private static final InvocationId VECTOR =
      new InvocationId(0x4666d48f18bfcb97L, 0x20ba2461de3625fcL, 0x62bc4742369c8ff8L);

  @Test
  void anIdIsWrittenAsTheProtocolSays() {
    assertThat(VECTOR).hasToString("inv_1d20mNM8pN2e7z1J57y9YwrgEPka5mvVVC");
    assertThat(InvocationId.parse("inv_1d20mNM8pN2e7z1J57y9YwrgEPka5mvVVC")).isEqualTo(VECTOR);
  }

  @Test
  void everyIdIsReadAsItWasWritten() {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 10_000; i++) {
      int zeros = random.nextInt(64);
      InvocationId id =
          new InvocationId(random.nextLong() >>> zeros, random.nextLong(), random.nextLong());
      assertThat(InvocationId.parse(id.toString())).isEqualTo(id);
      assertThat(InvocationId.read(id.toBytes(), 0)).isEqualTo(id);
      assertThat(id.toString()).hasSize(38);
    }
    InvocationId least = new InvocationId(0, 0, 0);
    InvocationId most = new InvocationId(-1, -1, -1);
    assertThat(InvocationId.parse(least.toString())).isEqualTo(least);
    assertThat(InvocationId.parse(most.toString())).isEqualTo(most);
    assertThat(least).isLessThan(most);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "inv_",
        "dp_1d20mNM8pN2e7z1J57y9YwrgEPka5mvVVC",
        "inv_1d20mNM8pN2e7z1J57y9YwrgEPka5mvVV",
        "inv_1d20mNM8pN2e7z1J57y9YwrgEPka5mvVVCx",
        "inv_2d20mNM8pN2e7z1J57y9YwrgEPka5mvVVC",
        "inv_1d20mNM8pN-e7z1J57y9YwrgEPka5mvVVC",
        "inv_1ZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZ"
      })
  void whatIsNotAnIdIsRefused(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> InvocationId.parse(text));
  }
}
