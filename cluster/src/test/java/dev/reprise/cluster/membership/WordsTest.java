package dev.reprise.cluster.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What people and peers write is read, or refused with what was expected. */
class WordsTest {
  @ParameterizedTest
  @ValueSource(strings = {"10.0.0.1:5122", "n1.example:5122", "[::1]:5122"})
  void anAddressIsWrittenAsItIsRead(String text) {
    assertThat(Address.parse(text)).hasToString(text);
    assertThat(Address.parse("http://" + text + "/")).isEqualTo(Address.parse(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ":5122", "n1", "n1:", "n1:0", "n1:65536", "::1:5122", "n1:x"})
  void whatIsNoAddressIsRefused(String text) {
    assertThatThrownBy(() -> Address.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Expected an address such as");
  }

  @Test
  void aNodeIsNamedWithOrWithoutItsLetter() {
    assertThat(NodeId.parse("N3")).isEqualTo(NodeId.parse("3")).hasToString("N3");
    assertThatThrownBy(() -> NodeId.parse("N0")).hasMessageContaining("Expected a node id");
  }

  @Test
  void aReplicaIsWrittenAsItIsRead() {
    assertThat(ReplicaId.parse("N3.2")).isEqualTo(new ReplicaId(new NodeId(3), 2));
    assertThat(ReplicaId.parse("N3.2")).hasToString("N3.2");
    assertThatThrownBy(() -> ReplicaId.parse("n1")).hasMessageContaining("Expected a replica");
  }
}
