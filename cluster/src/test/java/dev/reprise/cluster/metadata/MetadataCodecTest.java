package dev.reprise.cluster.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reprise.cluster.log.LogPosition;
import dev.reprise.cluster.metadata.MetadataCodec.Entry;
import dev.reprise.cluster.metadata.MetadataCodec.Head;
import dev.reprise.cluster.metadata.MetadataCodec.Request;
import dev.reprise.cluster.metadata.MetadataCommand.RegisterDeployment;
import dev.reprise.cluster.metadata.ServiceRevision.ServiceKind;
import dev.reprise.storage.kv.StorageException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MetadataCodecTest {
  private static final Entry ENTRY =
      new Entry(
          new Request(0x0102030405060708L, -1),
          new RegisterDeployment(
              Samples.deployment(
                  "dp_a",
                  "http://one/",
                  Samples.service("Greeter", ServiceKind.SERVICE),
                  Samples.service("Counter", ServiceKind.VIRTUAL_OBJECT)),
              true,
              false));

  /** Logs and stores of every earlier version hold these bytes: they are read for ever. */
  private static final String LOCKED =
      "010102030405060708ffffffffffffffff0101000464705f610b687474703a2f2f6f6e652f000005"
          + "070573646b2f310203782d61013103782d62013201047465616d05677265656e80d095ffbc310207"
          + "47726565746572000000020362796500000000010a746578742f706c61696e0001027b7d00000000"
          + "000000000000000000000567726565740001106170706c69636174696f6e2f6a736f6e0101117b22"
          + "74797065223a226f626a656374227d0001000a736179732068656c6c6f01016b017601e80701c0a9"
          + "0701000180a8cc7b0180e0e5a40101010100010501f02e013ff80000000000000107010109612073"
          + "6572766963650000000000000000000000000007436f756e74657201000002036279650200000001"
          + "0a746578742f706c61696e0001027b7d000000000000000000000000000005677265657401011061"
          + "70706c69636174696f6e2f6a736f6e0101117b2274797065223a226f626a656374227d0001000a73"
          + "6179732068656c6c6f01016b017601e80701c0a90701000180a8cc7b0180e0e5a401010101000105"
          + "01f02e013ff8000000000000010701010961207365727669636500000000000000000000000000";

  @Test
  void anEntryIsReadAsItWasWritten() {
    assertThat(MetadataCodec.entry(MetadataCodec.entry(ENTRY))).isEqualTo(ENTRY);
  }

  @Test
  void theFormatOfAnEntryIsLocked() {
    assertThat(HexFormat.of().formatHex(MetadataCodec.entry(ENTRY))).isEqualTo(LOCKED);
  }

  @Test
  void theFormatOfTheHeadIsLocked() {
    Head head = new Head(new LogPosition(3, 300), 7);

    assertThat(HexFormat.of().formatHex(MetadataCodec.head(head))).isEqualTo("0103ac0207");
    assertThat(MetadataCodec.head(MetadataCodec.head(head))).isEqualTo(head);
  }

  @Test
  void aDeploymentIsReadAsItWasWritten() {
    Deployment deployment = ((RegisterDeployment) ENTRY.command()).deployment();

    assertThat(MetadataCodec.deployment(MetadataCodec.deployment(deployment)))
        .isEqualTo(deployment);
  }

  @Test
  void anotherFormatIsRefused() {
    byte[] bytes = MetadataCodec.entry(ENTRY);
    bytes[0] = 9;

    assertThatThrownBy(() -> MetadataCodec.entry(bytes))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("format 9");
  }

  @Test
  void damagedBytesAreRefusedAndNothingElse() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    byte[] whole = MetadataCodec.entry(ENTRY);
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = Arrays.copyOf(whole, random.nextInt(whole.length) + 1);
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      try {
        MetadataCodec.entry(bytes);
      } catch (StorageException e) {
        assertThat(e).as("seed %d", seed).hasMessageStartingWith("Expected");
      }
    }
  }
}
