package dev.reprise.cluster.membership;

import static dev.reprise.cluster.membership.Clusters.newcomer;
import static dev.reprise.cluster.membership.Clusters.replica;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reprise.storage.kv.ByteReader;
import dev.reprise.storage.kv.ByteWriter;
import dev.reprise.storage.kv.StorageException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The bytes stay what they are. */
class ClusterCodecTest {
  /** What later versions of this format must go on to read, per command. */
  private static final Map<ClusterCommand, String> COMMANDS = new LinkedHashMap<>();

  static {
    String n1 = "026e31027a31" + "026e311402" + "026e311403" + "026e311404" + "01";
    COMMANDS.put(
        new ClusterCommand.Found("demo", "f1", newcomer("n1", "z1"), 2, 3),
        "0104" + "64656d6f" + "026631" + n1 + "0203");
    COMMANDS.put(new ClusterCommand.Join(newcomer("n1", "z1")), "02" + n1);
    COMMANDS.put(new ClusterCommand.Stand(new NodeId(3), Member.Standing.DRAINING), "030302");
    COMMANDS.put(new ClusterCommand.Remove(new NodeId(3)), "0403");
    COMMANDS.put(
        new ClusterCommand.Place(1, 7, List.of(replica(1), replica(2))), "050107" + "0201010201");
    COMMANDS.put(new ClusterCommand.Settle(1, 8), "060108");
    COMMANDS.put(new ClusterCommand.Replicate(3), "0703");
    COMMANDS.put(new ClusterCommand.Know(replica(3), 2), "0c030102");
  }

  @Test
  void commandsAreWrittenAsTheyAreRead() {
    COMMANDS.forEach(
        (command, hex) -> {
          ByteWriter out = new ByteWriter();
          ClusterCodec.write(out, command);
          assertThat(HexFormat.of().formatHex(out.toBytes())).isEqualTo(hex);
          ByteReader in = new ByteReader(HexFormat.of().parseHex(hex));
          assertThat(ClusterCodec.readCommand(in)).isEqualTo(command);
          in.expectEnd();
        });
  }

  @Test
  void aViewIsWrittenAsItIsRead() {
    Clusters cluster = Clusters.founded(2);
    cluster.joined("n2", "");
    cluster.draining(1);
    ByteWriter out = new ByteWriter();

    ClusterCodec.write(out, cluster.view());

    assertThat(HexFormat.of().formatHex(out.toBytes()))
        .isEqualTo(
            "03"
                + "0464656d6f"
                + "026631"
                + "0300"
                + "01"
                + "02"
                + "0101026e31027a3102026e311402026e311403026e31140401"
                + "0201026e320001026e321402026e321403026e32140401"
                + "02"
                + "000101010101"
                + "010101010101");
    assertThat(ClusterCodec.readView(new ByteReader(out.toBytes()))).isEqualTo(cluster.view());
  }

  @Test
  void anAddressThatIsNoneIsRefusedAsDamage() {
    // A newcomer without a name, and whose node port is at no host.
    assertThatThrownBy(
            () -> ClusterCodec.readCommand(new ByteReader(new byte[] {2, 0, 0, 0, 0, 5})))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("Expected a command of the cluster");
  }

  @Test
  void anUnknownCommandIsRefused() {
    assertThatThrownBy(() -> ClusterCodec.readCommand(new ByteReader(new byte[] {99})))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("number 99");
  }
}
