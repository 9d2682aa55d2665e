package dev.reprise.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reprise.cluster.metadata.ServiceOptions.OnMaxAttempts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may say what, and what counts of it. */
final class ConfigurationsTest {
  @TempDir Path directory;

  @Test
  void whatNobodySaidIsAsTheCatalogueHasIt() {
    Configuration said = read(Map.of(), Map.of());

    assertThat(said.get(DoorOptions.INGRESS_PORT)).isEqualTo(8080);
    assertThat(said.get(NodeOptions.STORE_MEMORY)).isEqualTo(64L << 20);
    assertThat(said.find(ReachOptions.IDENTITY_KEY)).isNull();
    assertThat(said.warnings()).isEmpty();
  }

  @Test
  void everyDefaultCanBeRead() {
    Configuration said = read(Map.of(), Map.of());

    assertThat(Catalogue.options()).allSatisfy(said::find).hasSizeGreaterThan(30);
  }

  @Test
  void whatIsSaidLaterCounts() throws IOException {
    Path theirs = file("theirs.toml", "cluster-name = 'a'\n[worker]\ncleanup-interval = '1s'\n");
    Path ours = file("ours.toml", "cluster-name = 'b'\n");
    Map<String, String> variables = new TreeMap<>();
    variables.put("RESTATE_CONFIG", theirs.toString());
    assertThat(read(variables, Map.of()).get(NodeOptions.CLUSTER_NAME)).isEqualTo("a");
    variables.put("REPRISE_CONFIG", ours.toString());
    assertThat(read(variables, Map.of()).get(NodeOptions.CLUSTER_NAME)).isEqualTo("b");
    variables.put("RESTATE_CLUSTER_NAME", "c");
    assertThat(read(variables, Map.of()).get(NodeOptions.CLUSTER_NAME)).isEqualTo("c");
    variables.put("REPRISE_CLUSTER_NAME", "d");
    assertThat(read(variables, Map.of()).get(NodeOptions.CLUSTER_NAME)).isEqualTo("d");

    Configuration all = read(variables, Map.of("cluster-name", "e"));

    assertThat(all.get(NodeOptions.CLUSTER_NAME)).isEqualTo("e");
    assertThat(all.get(WorkOptions.CLEANUP_INTERVAL)).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void theFileOfTheCommandLineIsReadInsteadOfThatOfTheEnvironment() throws IOException {
    Path given = file("given.toml", "node-name = 'given'\n");

    Configuration said =
        Configurations.read(
            new Configurations.Files(given, null),
            Map.of("REPRISE_CONFIG", "/nowhere/at.all"),
            Map.of());

    assertThat(said.get(NodeOptions.NODE_NAME)).isEqualTo("given");
  }

  @Test
  void anUnknownKeyOfOursIsRefusedAndTheNearestNamed() throws IOException {
    assertThatThrownBy(() -> read(Map.of("REPRISE_INGRES_PORT", "1"), Map.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            "Expected an option of Reprise's, but REPRISE_INGRES_PORT is none; did you mean"
                + " REPRISE_INGRESS_PORT?");

    Path ours = file("ours.toml", "[worker]\nclean-up-interval = '1s'\n");
    assertThatThrownBy(() -> read(Map.of("REPRISE_CONFIG", ours.toString()), Map.of()))
        .hasMessage(
            "Expected an option of Reprise's, but worker.clean-up-interval in "
                + ours
                + " is none; did you mean worker.cleanup-interval?");
  }

  @Test
  void aKeyOfRestatesWithoutEffectIsRefusedAmongOurs() {
    assertThatThrownBy(() -> read(Map.of("REPRISE_LOG_FORMAT", "json"), Map.of()))
        .hasMessageContaining("one of Restate's that has no effect here");
  }

  @Test
  void anUnknownKeyOfRestatesIsOneWarning() throws IOException {
    Path theirs = file("theirs.toml", "no-such-thing = 1\nroles = ['']\n");

    Configuration said =
        read(
            Map.of(
                "RESTATE_CONFIG", theirs.toString(),
                "RESTATE_WORKER__INVOKER__experimental_features_allow_protocol_v6", "true",
                "RESTATE_WORKER__INVOKER__INACTIVITY_TIMOUT", "0s",
                "RESTATE_NETWORKING__HTTP2_KEEP_ALIVE_INTERVAL", "4s"),
            Map.of());

    assertThat(said.warnings())
        .containsExactly(
            "no-such-thing in " + theirs + " is not known, and has no effect",
            "roles in " + theirs + " has no effect here",
            "RESTATE_NETWORKING__HTTP2_KEEP_ALIVE_INTERVAL has no effect here",
            "RESTATE_WORKER__INVOKER__INACTIVITY_TIMOUT is not known, and has no effect; did you"
                + " mean RESTATE_WORKER__INVOKER__INACTIVITY_TIMEOUT?",
            "RESTATE_WORKER__INVOKER__experimental_features_allow_protocol_v6 is not known, and"
                + " has no effect");
  }

  @Test
  void valuesThatCannotBeReadAreAllNamedAtOnce() {
    assertThatThrownBy(
            () ->
                read(
                    Map.of(
                        "REPRISE_ADMIN_PORT", "many",
                        "RESTATE_WORKER__CLEANUP_INTERVAL", "soon",
                        "REPRISE_STORE_MEMORY", "64",
                        "REPRISE_DISABLE_EAGER_STATE", "yes"),
                    Map.of("grpc-bind-address", "localhost")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(
            "REPRISE_ADMIN_PORT: Expected a whole number from 0 to 65535, but got 'many'")
        .hasMessageContaining("RESTATE_WORKER__CLEANUP_INTERVAL: Expected a duration")
        .hasMessageContaining(
            "REPRISE_STORE_MEMORY: Expected a size of at least 8MiB, but got '64'")
        .hasMessageContaining("REPRISE_DISABLE_EAGER_STATE: Expected true or false, but got 'yes'")
        .hasMessageContaining("--grpc-bind-address: Expected HOST:PORT");
  }

  @Test
  void twoNamesOfOneOptionInOneSourceAreRefused() {
    assertThatThrownBy(
            () ->
                read(
                    Map.of("REPRISE_PARTITIONS", "2", "REPRISE_DEFAULT_NUM_PARTITIONS", "3"),
                    Map.of()))
        .hasMessage(
            "Expected one of REPRISE_DEFAULT_NUM_PARTITIONS and REPRISE_PARTITIONS, but got both");
  }

  @Test
  void whatRestatesTestSuiteSetsMeansTheSame() {
    Configuration said =
        read(
            Map.of(
                "RESTATE_DEFAULT_NUM_PARTITIONS", "4",
                "RESTATE_DEFAULT_THREAD_POOL_SIZE", "1",
                "RESTATE_WORKER__INVOKER__INACTIVITY_TIMEOUT", "0s",
                "RESTATE_WORKER__INVOKER__MEMORY_LIMIT", "1MiB",
                "RESTATE_DEFAULT_RETRY_POLICY__INITIAL_INTERVAL", "10ms",
                "RESTATE_DEFAULT_RETRY_POLICY__MAX_ATTEMPTS", "1",
                "RESTATE_DEFAULT_RETRY_POLICY__ON_MAX_ATTEMPTS", "kill",
                "RESTATE_INGRESS__BIND_ADDRESS", "127.0.0.1:18080",
                "RESTATE_BASE_DIR", "/state",
                "RUST_LOG", "warn"),
            Map.of());

    assertThat(said.warnings()).isEmpty();
    assertThat(said.get(NodeOptions.PARTITIONS)).isEqualTo(4);
    assertThat(said.get(NodeOptions.EVENT_LOOPS)).isEqualTo(1);
    assertThat(said.get(ServiceDefaults.INACTIVITY_TIMEOUT)).isZero();
    assertThat(said.get(WorkOptions.INVOKER_MEMORY)).isEqualTo(1 << 20);
    assertThat(said.get(ServiceDefaults.RETRY_INITIAL)).isEqualTo(Duration.ofMillis(10));
    assertThat(said.get(ServiceDefaults.RETRY_ATTEMPTS)).isEqualTo(1);
    assertThat(said.get(ServiceDefaults.RETRY_END)).isEqualTo(OnMaxAttempts.KILL);
    assertThat(said.get(DoorOptions.INGRESS_ADDRESS))
        .isEqualTo(new HostAndPort("127.0.0.1", 18080));
    assertThat(said.get(NodeOptions.BASE_DIR)).isEqualTo(Path.of("/state"));
  }

  @Test
  void aFileThatIsNotThereOrNoTomlIsRefused() throws IOException {
    Path broken = file("broken.toml", "cluster-name = \n");

    assertThatThrownBy(() -> read(Map.of("REPRISE_CONFIG", "/nowhere/at.all"), Map.of()))
        .hasMessage("Expected a file to read at /nowhere/at.all, but there is none");
    assertThatThrownBy(() -> read(Map.of("RESTATE_CONFIG", broken.toString()), Map.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith("Expected TOML in " + broken + ", but, line 1");
  }

  @Test
  void aDumpIsAFileThatSaysTheSame() throws IOException {
    Configuration said =
        read(
            Map.of(
                "REPRISE_CLUSTER_NAME",
                "with \"quotes\"\\",
                "RESTATE_WORKER__CLEANUP_INTERVAL",
                "5"),
            Map.of("event-loops", "3", "retry-max-attempts", "unlimited"));

    String dump = said.dump();
    Configuration again =
        read(Map.of("REPRISE_CONFIG", file("dump.toml", dump).toString()), Map.of());

    assertThat(dump)
        .contains("event-loops = 3 # --event-loops\n")
        .contains("[worker]\n")
        .contains("cleanup-interval = \"5\" # RESTATE_WORKER__CLEANUP_INTERVAL\n");
    assertThat(Catalogue.options())
        .allSatisfy(option -> assertThat((Object) again.find(option)).isEqualTo(said.find(option)));
  }

  @Test
  void theOneOfAPairThatWasSaidLaterCounts() {
    Configuration said =
        read(
            Map.of("RESTATE_INGRESS__BIND_ADDRESS", "0.0.0.0:1", "REPRISE_ADMIN_PORT", "2"),
            Map.of("ingress-port", "3", "admin-bind-address", "localhost:4"));

    assertThat(said.counts(DoorOptions.INGRESS_ADDRESS, DoorOptions.INGRESS_PORT)).isFalse();
    assertThat(said.counts(DoorOptions.ADMIN_ADDRESS, DoorOptions.ADMIN_PORT)).isTrue();
    assertThat(said.counts(DoorOptions.GRPC_ADDRESS, DoorOptions.GRPC_PORT)).isFalse();
  }

  @Test
  void aListIsReadWithMarksAndWithout() {
    for (String text : List.of("[a,b]", "[ \"a\" , 'b', '']", "a,b")) {
      assertThat(OptionType.LIST.read(text)).as(text).containsExactly("a", "b");
    }
    assertThatThrownBy(() -> OptionType.LIST.read("[a"))
        .hasMessage("Expected a list such as [a, b], but got '[a'");
  }

  @Test
  void addressesOfVersionSixStandInBrackets() {
    assertThat(HostAndPort.parse("[::]:8080")).isEqualTo(new HostAndPort("::", 8080));
    assertThat(HostAndPort.parse("[::]:8080")).hasToString("[::]:8080");
    for (String text : List.of("::1:80", "host", ":80", "host:70000", "unix:/run/a.sock")) {
      assertThatThrownBy(() -> HostAndPort.parse(text)).as(text).hasMessageContaining(text);
    }
  }

  private static Configuration read(Map<String, String> environment, Map<String, String> flags) {
    return Configurations.read(Configurations.Files.NONE, environment, flags);
  }

  private Path file(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text);
  }
}
