package dev.reprise.chaos.container;

import static dev.reprise.chaos.rig.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.chaos.container.NodeContainer.Setup;
import dev.reprise.chaos.rig.NodeProject;
import dev.reprise.chaos.rig.Programs;
import dev.reprise.chaos.rig.Storm;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.testcontainers.containers.Container.ExecResult;
import org.testcontainers.containers.Network;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Three containers of the image that are started together find each other, and any of them serves.
 * Skipped where there is no Docker engine or no Node, unless {@code REPRISE_CI=1}.
 */
@Tag("docker")
class ImageOfThreeTest {
  private static final Duration FORMS = Duration.ofMinutes(3);
  private static final Duration PROGRAMS = Duration.ofMinutes(4);
  private static final Duration GRACE = Duration.ofSeconds(60);

  @RegisterExtension final Storm storm = new Storm();

  private final List<NodeContainer> nodes = new ArrayList<>();
  private String image = "";

  @BeforeEach
  @Timeout(600)
  void build() throws Exception {
    NodeProject.expect();
    image = Image.expect();
  }

  @Test
  @Timeout(1_200)
  void toldOnlyWhatRestatesAreTheyRunTheProgramsOnAnyOfThem() throws Exception {
    Network network = storm.add(Network.newNetwork());
    for (String name : DropIn.NAMES) {
      start(Setup.of(image, name, DropIn.variables(name, 2)).among(network));
    }
    theyFormACluster();
    theirLeadersAreSpread();

    for (NodeContainer node : nodes) {
      String passed =
          Programs.drive(node.uri(8080), node.uri(9070), NodeContainer.nameOfHost(), PROGRAMS);
      storm.say("%s: %s", node.name(), passed);
    }
  }

  @Test
  @Timeout(900)
  void theComposeFileMakesAClusterWhoseDataOutlivesItsContainers() throws Exception {
    ComposeFile file = ComposeFile.read(Image.root().resolve("compose.yaml"));
    assertThat(file.services())
        .hasSize(3)
        .allSatisfy(it -> assertThat(it.image()).isEqualTo("${REPRISE_IMAGE:-reprise}"));
    assertThat(file.services().stream().flatMap(it -> it.ports().stream()))
        .doesNotHaveDuplicates()
        .allSatisfy(it -> assertThat(it).startsWith("127.0.0.1:"));
    String project = "reprise-test-" + UUID.randomUUID();
    up(file, project);
    theyFormACluster();
    register();
    assertThat(add(0, "k", "first")).isEqualTo("1");
    assertThat(add(1, "k", "second")).isEqualTo("2");

    // One of them is away: the others serve.
    assertThat(nodes.get(2).stop(GRACE)).as(nodes.get(2)::tail).isIn(0L, 143L);
    assertThat(add(0, "k", "third")).isEqualTo("3");
    assertThat(add(1, "k", "fourth")).isEqualTo("4");

    // All containers are made anew over their volumes.
    nodes.forEach(NodeContainer::close);
    nodes.clear();
    up(file, project);
    theyFormACluster();
    assertThat(add(2, "k", "fifth")).isEqualTo("5");
    assertThat(add(1, "k", "fourth")).as("asked once more").isEqualTo("4");
  }

  private void up(ComposeFile file, String project) {
    Network network = storm.add(Network.newNetwork());
    for (ComposeFile.Service service : file.services()) {
      Setup setup = Setup.of(image, service.hostname(), service.environment()).among(network);
      for (Map.Entry<String, String> volume : service.volumes().entrySet()) {
        String name = project + "_" + volume.getKey();
        storm.add(() -> NodeContainer.remove(name));
        setup = setup.with(NodeContainer.volume(name, volume.getValue()));
      }
      start(setup);
    }
  }

  private void start(Setup setup) {
    nodes.add(storm.add(NodeContainer.start(setup)));
  }

  private void theyFormACluster() {
    nodes.forEach(NodeContainer::awaitServing);
    for (NodeContainer node : nodes) {
      eventually(FORMS, () -> assertThat(node.members()).isEqualTo(3));
    }
  }

  /**
   * No leadership is about to move. One that moves ends the attempts of its invocations, and a step
   * whose result was under way is then executed once more, which a program may count.
   */
  private void theirLeadersAreSpread() {
    eventually(
        FORMS,
        () -> {
          ExecResult listed =
              nodes.getFirst().execute("restatectl", "partitions", "list", "--json");
          assertThat(listed.getExitCode()).as(listed::getStderr).isZero();
          Map<String, Integer> led = new TreeMap<>();
          nodes.forEach(it -> led.put("N" + (led.size() + 1), 0));
          for (JsonNode partition : JsonMapper.shared().readTree(listed.getStdout())) {
            assertThat(partition.path("settled").booleanValue()).as("%s", partition).isTrue();
            led.merge(partition.path("leader").stringValue(""), 1, Integer::sum);
          }
          assertThat(Collections.max(led.values()) - Collections.min(led.values()))
              .as("partitions led by each: %s", led)
              .isLessThanOrEqualTo(1);
        });
  }

  private void register() throws Exception {
    String uri = NodeContainer.uriOfHost(storm.serve(new Counter()).port());
    nodes.getFirst().admin().to("deployments").post("{\"uri\":\"" + uri + "\"}").expectStatus(201);
  }

  /** As a client does that repeats what was not done. */
  private String add(int node, String key, String request) {
    return eventually(
        GRACE,
        () ->
            nodes
                .get(node)
                .ingress()
                .to("counter/" + key + "/add")
                .idempotencyKey(request)
                .within(Duration.ofSeconds(20))
                .post()
                .expectText());
  }
}
