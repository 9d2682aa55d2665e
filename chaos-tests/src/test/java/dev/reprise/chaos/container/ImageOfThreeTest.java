package dev.reprise.chaos;

import static dev.reprise.chaos.rig.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.model.HostConfig;
import dev.reprise.chaos.container.Image;
import dev.reprise.chaos.container.NodeContainer;
import dev.reprise.chaos.rig.IngressClient.Answer;
import dev.reprise.chaos.rig.Storm;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.testcontainers.containers.Network;

/**
 * Three containers of the image that are started together find each other. Skipped where there is
 * no Docker engine, unless {@code REPRISE_CI=1}.
 */
@Tag("docker")
class ImageOfThreeTest {
  private static final Duration FORMS = Duration.ofMinutes(3);
  private static final Duration GRACE = Duration.ofSeconds(60);

  @RegisterExtension final Storm storm = new Storm();

  private String image = "";
  private final List<NodeContainer> nodes = new ArrayList<>();

  @BeforeEach
  @Timeout(600)
  void build() throws Exception {
    image = Image.expect();
  }

  @Test
  @Timeout(480)
  void toldOnlyWhatRestatesAreTheyFormACluster() throws Exception {
    Network network = storm.add(Network.newNetwork());
    for (String name : List.of("runtime", "runtime-1", "runtime-2")) {
      Map<String, String> told = new HashMap<>();
      told.put("RESTATE_ADMIN__BIND_ADDRESS", "0.0.0.0:9070");
      told.put("RESTATE_INGRESS__BIND_ADDRESS", "0.0.0.0:8080");
      told.put("RESTATE_BASE_DIR", "/state");
      told.put("RESTATE_CLUSTER_NAME", "dropped-in");
      told.put("RESTATE_AUTO_PROVISION", Boolean.toString(name.equals("runtime")));
      told.put("RESTATE_ADVERTISED_ADDRESS", "http://" + name + ":5122");
      told.put("RESTATE_METADATA_CLIENT__ADDRESSES", "[http://runtime:5122]");
      told.put("RESTATE_METADATA_SERVER__TYPE", "replicated");
      told.put("RESTATE_BIFROST__REPLICATED_LOGLET__DEFAULT_LOG_REPLICATION", "2");
      told.put("REPRISE_HEAP", "512m");
      nodes.add(storm.add(NodeContainer.start(image, name, told, host -> {}, network)));
    }

    theyServeTogether();
  }

  @Test
  @Timeout(480)
  void asPodsOfAStatefulSetTheyFormAClusterAndOneMayGo() throws Exception {
    Network network = storm.add(Network.newNetwork());
    Consumer<HostConfig> pod =
        host ->
            host.withReadonlyRootfs(true)
                .withTmpFs(Map.of("/restate-data", "mode=1777", "/tmp", "mode=1777,exec"));
    for (int ordinal = 0; ordinal < 3; ordinal++) {
      String name = "reprise-" + ordinal;
      String host = name + ".reprise-nodes";
      Map<String, String> told =
          Map.of(
              "REPRISE_NODE_NAME", name,
              "REPRISE_ADVERTISED_HOST", host,
              "REPRISE_CLUSTER_NAME", "reprise",
              "REPRISE_PEERS", "dns:reprise-nodes",
              "REPRISE_AUTO_PROVISION", "true",
              "REPRISE_HEAP", "512m");
      nodes.add(
          storm.add(NodeContainer.start(image, name, told, pod, network, host, "reprise-nodes")));
    }
    theyServeTogether();

    assertThat(nodes.get(1).stop(GRACE)).as(nodes.get(1)::tail).isIn(0L, 143L);

    for (int times = 0; times < 20; times++) {
      add(nodes.get(0), "other-" + times);
      add(nodes.get(2), "other-" + times);
    }
  }

  private void theyServeTogether() throws Exception {
    for (NodeContainer node : nodes) {
      node.awaitServing();
    }
    eventually(
        FORMS,
        () ->
            assertThat(
                    nodes
                        .getFirst()
                        .admin()
                        .to("cluster-health")
                        .get()
                        .expectStatus(200)
                        .json()
                        .at("/metadata_cluster_health/members")
                        .size())
                .isEqualTo(3));
    String uri = NodeContainer.uriOfHost(storm.serve(new ImageTest.Counter()).port());
    Answer registered =
        nodes.getFirst().admin().to("deployments").post("{\"uri\":\"" + uri + "\"}");
    assertThat(registered.status()).as(registered::toString).isEqualTo(201);
    for (int times = 1; times <= 3; times++) {
      String expected = Integer.toString(times);
      NodeContainer node = nodes.get(times - 1);
      assertThat(add(node, "k")).isEqualTo(expected);
    }
  }

  /** As a client does that repeats what was not done. */
  private static String add(NodeContainer node, String key) {
    return eventually(
        GRACE,
        () ->
            node.ingress()
                .to("counter/" + key + "/add")
                .idempotencyKey(key + node.uri(8080).getPort())
                .within(Duration.ofSeconds(20))
                .post()
                .expectText());
  }
}
