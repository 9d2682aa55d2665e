package dev.reprise.server.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reprise.cluster.metadata.ServiceOptions;
import dev.reprise.server.config.ConfigException;
import dev.reprise.server.config.Configurations;
import dev.reprise.server.invoker.InvokerOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What options mean for a node. */
final class NodeConfigsTest {
  @TempDir Path directory;

  @Test
  void aNodeThatIsToldNothingIsAsItAlwaysIs() {
    NodeConfig config = read(Map.of());

    assertThat(config.with(NodeConfig.Ports.ANY))
        .usingRecursiveComparison()
        .ignoringFields("nodeName")
        .isEqualTo(NodeConfig.at(Path.of("reprise-data")).with(NodeConfig.Ports.ANY));
    assertThat(config.ports()).isEqualTo(new NodeConfig.Ports(8080, 9070, 9071, 5122));
    assertThat(config.invoker()).isEqualTo(InvokerOptions.DEFAULTS);
    assertThat(config.invoker().serviceDefaults()).isEqualTo(ServiceOptions.DEFAULTS);
  }

  @Test
  void aDoorMayHaveAHostOfItsOwn() {
    NodeConfig config =
        read(
            Map.of(
                "RESTATE_ADMIN__BIND_ADDRESS", "127.0.0.1:19070",
                "REPRISE_BIND_HOST", "10.0.0.1",
                "REPRISE_INGRESS_PORT", "18080"));

    assertThat(config.hosts().admin()).isEqualTo("127.0.0.1");
    assertThat(config.ports().admin()).isEqualTo(19070);
    assertThat(config.hosts().ingress()).isEqualTo("10.0.0.1");
    assertThat(config.ports().ingress()).isEqualTo(18080);
  }

  @Test
  void aNodeWithoutANameHasThatOfItsDirectory() throws IOException {
    Files.writeString(directory.resolve("node.properties"), "node=was-here-before\n");

    assertThat(read(Map.of("REPRISE_BASE_DIR", directory.toString())).nodeName())
        .isEqualTo("was-here-before");
    assertThat(
            read(Map.of("REPRISE_BASE_DIR", directory.toString(), "REPRISE_NODE_NAME", "n7"))
                .nodeName())
        .isEqualTo("n7");
  }

  @Test
  void memoryThatDoesNotFitTogetherIsRefused() {
    assertThatThrownBy(() -> read(Map.of("REPRISE_INVOKER_MEMORY_LIMIT", "1KiB")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("initial memory to be within its limit");
  }

  @Test
  void everyOptionIsAFlagAndASwitchMayStandAlone() {
    CommandLine.ParseResult parsed =
        Main.commandLine()
            .parseArgs("server", "--disable-eager-state", "--partitions", "3", "--cluster-name=x")
            .subcommand();

    assertThat(ConfigFlags.given(parsed))
        .containsOnly(
            Map.entry("disable-eager-state", "true"),
            Map.entry("partitions", "3"),
            Map.entry("cluster-name", "x"));
  }

  private static NodeConfig read(Map<String, String> environment) {
    return NodeConfigs.from(Configurations.read(Configurations.Files.NONE, environment, Map.of()));
  }
}
