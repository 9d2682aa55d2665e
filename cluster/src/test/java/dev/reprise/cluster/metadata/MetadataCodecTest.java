package dev.reprise.cluster.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reprise.cluster.log.LogPosition;
import dev.reprise.cluster.membership.ClusterCommand;
import dev.reprise.cluster.metadata.MetadataCodec.Entry;
import dev.reprise.cluster.metadata.MetadataCodec.Head;
import dev.reprise.cluster.metadata.MetadataCodec.Request;
import dev.reprise.cluster.metadata.MetadataCommand.ChangeCluster;
import dev.reprise.cluster.metadata.MetadataCommand.ModifyService;
import dev.reprise.cluster.metadata.MetadataCommand.RegisterDeployment;
import dev.reprise.cluster.metadata.MetadataCommand.RemoveDeployment;
import dev.reprise.cluster.metadata.MetadataCommand.UpdateDeployment;
import dev.reprise.cluster.metadata.ServiceRevision.ServiceKind;
import dev.reprise.storage.kv.StorageException;
import dev.reprise.storage.model.LimitPattern;
import dev.reprise.storage.model.LimitRule;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
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

  private static final Deployment FUNCTION =
      new Deployment(
          "dp_f",
          new DeploymentAddress.Lambda("arn:f:1", "arn:role", true),
          Deployment.ProtocolMode.REQUEST_RESPONSE,
          5,
          6,
          "",
          Map.of(),
          Map.of(),
          1,
          List.of());

  /** What later versions of this format must go on to read, per command. */
  private static final Map<MetadataCommand, String> OTHERS =
      Map.of(
          new UpdateDeployment(
              "dp_f",
              new DeploymentAddress.Http("http://one/", true),
              Map.of("x-a", "1"),
              FUNCTION,
              true),
          "0200000000000000010000000000000002020464705f6601000b687474703a2f2f6f6e652f010101"
              + "03782d610131010464705f66010761726e3a663a310861726e3a726f6c6501010506000000010001",
          new UpdateDeployment("dp_f", null, null, null, false),
          "0200000000000000010000000000000002020464705f6600000000",
          new MetadataCommand.CatchUp(),
          "020000000000000001000000000000000207",
          new ChangeCluster(new ClusterCommand.Replicate(3)),
          "0200000000000000010000000000000002140703",
          new RemoveDeployment("dp_f", true),
          "0200000000000000010000000000000002030464705f6601",
          new ModifyService("Greeter", ServiceOptions.DEFAULTS),
          "020000000000000001000000000000000204074772656574657201e0d40301c0cf240180b8992901"
              + "80b899290180b899290100010001f40301e0d40301400000000000000001460100");

  /** And of the commands for rules, which came later. */
  private static final Map<MetadataCommand, String> RULES =
      Map.of(
          new MetadataCommand.PutRules(
              List.of(
                  new MetadataCommand.RuleDraft(
                      new LimitRule(LimitPattern.parse("t/*"), 300),
                      "d",
                      true,
                      new MetadataCommand.Expectation.Version(7)),
                  new MetadataCommand.RuleDraft(
                      new LimitRule(LimitPattern.parse("t"), 0),
                      null,
                      false,
                      new MetadataCommand.Expectation.Absent())),
              1_700_000_000_000L),
          "02000000000000000100000000000000020580d095ffbc31020174012a00ac02010164010207"
              + "0174000000000001",
          new MetadataCommand.DeleteRules(
              List.of(
                  new MetadataCommand.RuleRemoval(
                      LimitPattern.parse("*/a/b"), new MetadataCommand.Expectation.Anything()))),
          "02000000000000000100000000000000020601012a0161016200");

  private static final RuleBook BOOK =
      new RuleBook(
          9,
          List.of(
              new RuleBook.Rule(
                  new LimitRule(LimitPattern.parse("t/*"), 300), "d", true, 7, 1_700_000_000_000L),
              new RuleBook.Rule(
                  new LimitRule(LimitPattern.parse("t"), 0), null, false, 1, 1_700_000_000_001L)));

  private static final String LOCKED_BOOK =
      "020902017400000000000181d095ffbc310174012a00ac02010164010780d095ffbc31";

  /** Format 1, which was never released: it had the address in two places and no functions. */
  private static final String FORMAT_1 =
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

  private static final String LOCKED =
      "020102030405060708ffffffffffffffff0101000464705f61000b687474703a2f2f6f6e652f0000"
          + "05070573646b2f310203782d61013103782d62013201047465616d05677265656e80d095ffbc3102"
          + "0747726565746572000000020362796500000000010a746578742f706c61696e0001027b7d000000"
          + "00000000000000000000000567726565740001106170706c69636174696f6e2f6a736f6e0101117b"
          + "2274797065223a226f626a656374227d0001000a736179732068656c6c6f01016b017601e80701c0"
          + "a90701000180a8cc7b0180e0e5a40101010100010501f02e013ff800000000000001070101096120"
          + "736572766963650000000000000000000000000007436f756e746572010000020362796502000000"
          + "010a746578742f706c61696e0001027b7d0000000000000000000000000000056772656574010110"
          + "6170706c69636174696f6e2f6a736f6e0101117b2274797065223a226f626a656374227d0001000a"
          + "736179732068656c6c6f01016b017601e80701c0a90701000180a8cc7b0180e0e5a4010101010001"
          + "0501f02e013ff8000000000000010701010961207365727669636500000000000000000000000000";

  @Test
  void anEntryIsReadAsItWasWritten() {
    assertThat(MetadataCodec.entry(MetadataCodec.entry(ENTRY))).isEqualTo(ENTRY);
  }

  @Test
  void theFormatOfAnEntryIsLocked() {
    assertThat(HexFormat.of().formatHex(MetadataCodec.entry(ENTRY))).isEqualTo(LOCKED);
  }

  @Test
  void theFormatOfTheRuleBookIsLocked() {
    assertThat(HexFormat.of().formatHex(MetadataCodec.ruleBook(BOOK))).isEqualTo(LOCKED_BOOK);
    assertThat(MetadataCodec.ruleBook(HexFormat.of().parseHex(LOCKED_BOOK))).isEqualTo(BOOK);
  }

  @Test
  void theFormatsOfTheCommandsForRulesAreLocked() {
    RULES.forEach(
        (command, locked) -> {
          Entry entry = new Entry(new Request(1, 2), command);
          assertThat(HexFormat.of().formatHex(MetadataCodec.entry(entry))).isEqualTo(locked);
          assertThat(MetadataCodec.entry(HexFormat.of().parseHex(locked))).isEqualTo(entry);
        });
  }

  @Test
  void theFormatsOfTheOtherCommandsAreLocked() {
    OTHERS.forEach(
        (command, locked) -> {
          Entry entry = new Entry(new Request(1, 2), command);
          assertThat(HexFormat.of().formatHex(MetadataCodec.entry(entry))).isEqualTo(locked);
          assertThat(MetadataCodec.entry(HexFormat.of().parseHex(locked))).isEqualTo(entry);
        });
  }

  @Test
  void theFirstFormatIsRefusedByName() {
    assertThatThrownBy(() -> MetadataCodec.entry(HexFormat.of().parseHex(FORMAT_1)))
        .isInstanceOf(StorageException.class)
        .hasMessage("Expected a metadata entry of format 2, but got format 1");
  }

  @Test
  void theFormatOfTheHeadIsLocked() {
    Head head = new Head(new LogPosition(3, 300), 7);

    assertThat(HexFormat.of().formatHex(MetadataCodec.head(head))).isEqualTo("0203ac0207");
    assertThat(MetadataCodec.head(MetadataCodec.head(head))).isEqualTo(head);
  }

  @Test
  void aDeploymentIsReadAsItWasWritten() {
    Deployment deployment = ((RegisterDeployment) ENTRY.command()).deployment();

    assertThat(MetadataCodec.deployment(MetadataCodec.deployment(deployment)))
        .isEqualTo(deployment);
    assertThat(MetadataCodec.deployment(MetadataCodec.deployment(FUNCTION))).isEqualTo(FUNCTION);
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
