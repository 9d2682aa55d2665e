package dev.reprise.chaos;

import static dev.reprise.chaos.rig.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.HostConfig;
import dev.reprise.chaos.container.Counter;
import dev.reprise.chaos.container.DropIn;
import dev.reprise.chaos.container.Image;
import dev.reprise.chaos.container.NodeContainer;
import dev.reprise.chaos.rig.IngressClient.Answer;
import dev.reprise.chaos.rig.Storm;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.testcontainers.containers.Container.ExecResult;

/**
 * The image where one of Restate's was: told nothing but what its users tell that one. Skipped
 * where there is no Docker engine, unless {@code REPRISE_CI=1}.
 */
@Tag("docker")
class ImageTest {
  private static final Duration GRACE = Duration.ofSeconds(20);

  @RegisterExtension final Storm storm = new Storm();

  private String image = "";

  @BeforeEach
  @Timeout(600)
  void build() throws Exception {
    image = Image.expect();
  }

  @Test
  @Timeout(600)
  void itServesWhereOneOfRestatesWas() throws Exception {
    NodeContainer node = start("runtime", DropIn.variables("runtime", 1), host -> {});

    node.signal("USR1");
    node.awaitServing();

    assertThat(node.admin().to("cluster-health").get().expectStatus(200).text())
        .isEqualTo(
            "{\"cluster_name\":\"dropped-in\",\"metadata_cluster_health\":{\"members\":[1]}}");
    node.signal("USR1");
    eventually(
        GRACE,
        () ->
            assertThat(node.tail())
                .contains("cluster-name = \"dropped-in\" # RESTATE_CLUSTER_NAME"));
    assertThat(node.tail())
        .containsOnlyOnce("RESTATE_ROLES has no effect here")
        .containsOnlyOnce("RESTATE_NETWORKING__HTTP2_KEEP_ALIVE_TIMEOUT has no effect here");
    register(node);
    assertThat(add(node, "k")).isEqualTo("1");
    ExecResult listed = node.execute("restatectl", "deployments", "list", "--json");
    assertThat(listed.getExitCode()).as(listed::getStderr).isZero();
    assertThat(listed.getStdout()).contains("counter");
    ExecResult user = node.execute("id", "-u");
    assertThat(user.getStdout().trim()).isEqualTo("10001");
    ExecResult first = node.execute("cat", "/proc/1/comm");
    assertThat(first.getStdout().trim()).as("the first process").isEqualTo("java");
    eventually(Duration.ofSeconds(60), () -> assertThat(node.health()).isEqualTo("healthy"));

    assertThat(node.stop(GRACE)).as(node::tail).isIn(0L, 143L);
    node.restart().awaitServing();
    assertThat(add(node, "k")).isEqualTo("2");
  }

  @Test
  @Timeout(300)
  void whatWasAcknowledgedSurvivesAKillAndTheContainer() throws Exception {
    String volume = "reprise-test-" + UUID.randomUUID();
    storm.add(() -> NodeContainer.remove(volume));
    Consumer<HostConfig> data = NodeContainer.volume(volume, "/restate-data");
    NodeContainer node = start("one-name", Map.of(), data).awaitServing();
    register(node);
    assertThat(add(node, "k")).isEqualTo("1");

    node.kill();
    node.restart().awaitServing();
    assertThat(add(node, "k")).isEqualTo("2");
    node.kill();
    NodeContainer another = start("another-name", Map.of(), data).awaitServing();

    assertThat(add(another, "k")).isEqualTo("3");
  }

  @Test
  @Timeout(300)
  void itNeedsNeitherRightsNorAWritableRoot() throws Exception {
    NodeContainer node =
        start(
            "locked-in",
            Map.of("REPRISE_HEAP", "512m"),
            host ->
                host.withReadonlyRootfs(true)
                    .withCapDrop(Capability.ALL)
                    .withSecurityOpts(List.of("no-new-privileges"))
                    .withTmpFs(Map.of("/restate-data", "mode=1777", "/tmp", "mode=1777,exec"))
                    .withMemory(2L << 30));

    node.awaitServing();
    register(node);

    assertThat(add(node, "k")).isEqualTo("1");
    assertThat(node.tail()).doesNotContain("Read-only file system");
  }

  @Test
  @Timeout(120)
  void aMisspeltOptionKeepsItFromStarting() throws Exception {
    NodeContainer node = start("misspelt", Map.of("REPRISE_INGRES_PORT", "8080"), host -> {});

    eventually(Duration.ofSeconds(60), () -> assertThat(node.isRunning()).isFalse());

    assertThat(node.tail()).contains("did you mean REPRISE_INGRESS_PORT?");
  }

  private NodeContainer start(
      String hostname, Map<String, String> environment, Consumer<HostConfig> more) {
    NodeContainer node =
        storm.add(
            NodeContainer.start(NodeContainer.Setup.of(image, hostname, environment).with(more)));
    storm.say("%s is %s", hostname, image);
    return node;
  }

  private void register(NodeContainer node) throws Exception {
    String uri = NodeContainer.uriOfHost(storm.serve(new Counter()).port());
    Answer registered =
        node.admin().to("deployments").post("{\"uri\":\"" + uri + "\",\"force\":false}");
    assertThat(registered.status()).as(registered::toString).isEqualTo(201);
  }

  private static String add(NodeContainer node, String key) throws Exception {
    return node.ingress()
        .to("counter/" + key + "/add")
        .within(Duration.ofSeconds(60))
        .post()
        .expectText();
  }
}
