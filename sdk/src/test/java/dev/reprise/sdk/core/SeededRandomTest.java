package dev.reprise.sdk.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SeededRandomTest {
  /** The vector of the protocol's reference, as other SDKs compute it. */
  @Test
  void aSeedGivesTheNumbersThatOtherSdksGive() {
    var random = new SeededRandom(530352730297239419L);

    assertThat(random.nextUuid()).hasToString("c8f36030-57ae-4df5-9959-51b447982927");
    assertThat(random.nextDouble()).isEqualTo(0.9881783787936622);
  }

  @Test
  void withoutASeedFromTheServerTheInvocationsIdGivesOne() {
    var seeds = new java.util.ArrayList<Long>();
    for (int version : new int[] {5, 5, 6}) {
      Story.ofVersion(version)
          .replays(Wire.input(""))
          .handler(it -> seeds.add(it.ask().randomSeed()));
    }
    assertThat(seeds.get(0)).isEqualTo(seeds.get(1));
    assertThat(seeds.get(2)).isEqualTo(42);
    assertThat(seeds.get(0)).isNotEqualTo(42L);
  }
}
