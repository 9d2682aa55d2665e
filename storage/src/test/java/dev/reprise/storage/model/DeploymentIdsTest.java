package dev.reprise.storage.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DeploymentIdsTest {
  @Test
  void anIdHasItsPrefixAndTwentyTwoDigits() {
    assertThat(DeploymentIds.of(0, 0)).isEqualTo("dp_10000000000000000000000");
    assertThat(DeploymentIds.of(0, 61)).isEqualTo("dp_1000000000000000000000Z");
    assertThat(DeploymentIds.of(-1, -1)).isEqualTo("dp_17N42dgm5tFLK9N8MT7fHC7");
  }

  @Test
  void anyNumberIsWrittenSoThatItIsReadBack() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 10_000; i++) {
      long high = random.nextLong() >>> random.nextInt(64);
      long low = random.nextLong() >>> random.nextInt(64);
      String id = DeploymentIds.of(high, low);

      BigInteger read = Base62.parse(id, 4, id.length(), 128);
      assertThat(read.longValue()).as("seed %d, id %s", seed, id).isEqualTo(low);
      assertThat(read.shiftRight(64).longValue()).as("seed %d", seed).isEqualTo(high);
      assertThat(DeploymentIds.isValid(id)).isTrue();
    }
  }

  @Test
  void whatIsNoIdIsKnownAsNone() {
    assertThat(DeploymentIds.isValid("foo")).isFalse();
    assertThat(DeploymentIds.isValid("dp_1")).isFalse();
    assertThat(DeploymentIds.isValid("dp_1000000000000000000000_")).isFalse();
    assertThat(DeploymentIds.isValid("dp_1ZZZZZZZZZZZZZZZZZZZZZZ")).isFalse();
  }
}
