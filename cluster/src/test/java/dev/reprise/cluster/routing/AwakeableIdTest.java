package dev.reprise.cluster.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reprise.storage.model.InvocationId;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names of awakeables, as everybody else writes them. */
class AwakeableIdTest {
  private static final String TEXT = "sign_1qI_Vo2Pseu0mCUkLBnfCMZ0TAXtifP8tAAAAEQ";
  private static final InvocationId INVOCATION =
      InvocationId.read(
          HexFormat.of().parseHex("a88fd5a363ec7aed2609490b0677c2319d13017b627cff2d"), 0);

  @Test
  void aNameOfTheRealThingIsReadAndWritten() {
    AwakeableId id = AwakeableId.parse(TEXT);
    assertThat(id).isEqualTo(new AwakeableId(INVOCATION, 17));
    assertThat(id).hasToString(TEXT);
  }

  @Test
  void aNameWithPaddingIsTheSameName() {
    assertThat(AwakeableId.parse(TEXT + "==")).isEqualTo(AwakeableId.parse(TEXT));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "sign_1",
        "prom_1qI_Vo2Pseu0mCUkLBnfCMZ0TAXtifP8tAAAAEQ",
        "sign_1qI_Vo2Pseu0mCUkLBnfCMZ0TAXtifP8tAAAAE",
        "sign_1qI_Vo2Pseu0mCUkLBnfCMZ0TAXtifP8tAAAAER",
        "sign_1qI_Vo2Pseu0mCUkLBnfCMZ0TAXtifP8tAAAAEQ=",
        "sign_1qI_Vo2Pseu0mCUkLBnfCMZ0TAXtifP8tAAAAEQAA",
        "sign_1qI+Vo2Pseu0mCUkLBnfCMZ0TAXtifP8tAAAAEQ",
        "sign_1qI_Vo2Pseu0mCUkLBnfCMZ0TAXtifP8tAAAAAA"
      })
  void whatIsNoNameIsRefusedAndSaysWhatWasExpected(String text) {
    assertThatThrownBy(() -> AwakeableId.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Expected an awakeable id such as sign_1");
  }
}
