package dev.reprise.chaos.kubernetes;

import static dev.reprise.chaos.rig.Eventually.eventually;
import static dev.reprise.chaos.rig.Eventually.pause;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.chaos.container.Image;
import dev.reprise.chaos.container.NodeContainer;
import dev.reprise.chaos.rig.JavaProcess;
import dev.reprise.chaos.rig.NodeProject;
import dev.reprise.chaos.rig.Programs;
import dev.reprise.chaos.rig.Storm;
import java.time.Duration;
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
 * The manifests of three nodes, carried out with containers: names, addresses, rights, volumes,
 * probes and stops as Kubernetes has them. Skipped where there is no Docker engine or no Node,
 * unless {@code REPRISE_CI=1}.
 */
@Tag("docker")
class StatefulSetTest {
  private static final int NODES = 3;
  private static final Duration SOON = Duration.ofMinutes(2);

  /** Before the first pod goes, and after the last one has come. */
  private static final Duration CALM = Duration.ofSeconds(10);

  @RegisterExtension final Storm storm = new Storm();

  private String image = "";

  @BeforeEach
  @Timeout(600)
  void build() throws Exception {
    NodeProject.expect();
    image = Image.expect();
  }

  @Test
  @Timeout(1_500)
  void clientsDoNotNoticeThatAllPodsAreReplacedByThoseOfARebuiltImage() throws Exception {
    String rebuilt = Image.rebuilt(storm.directory());
    storm.add(() -> Image.remove(rebuilt));
    Pods pods = given();
    ClientService ingress = storm.add(new ClientService(() -> pods.ready(8080)));
    ClientService admin = storm.add(new ClientService(() -> pods.ready(9070)));
    JavaProcess load =
        storm.add(Programs.load(ingress.uri(), admin.uri(), NodeContainer.nameOfHost(), 8));
    load.awaitLine("calling"::equals, SOON);
    pause(CALM);

    String said = "";
    for (int ordinal = NODES - 1; ordinal >= 0; ordinal--) {
      String address = pods.pod(ordinal).container().address();
      long begin = System.nanoTime();
      said += pods.stop(ordinal);
      long stopped = System.nanoTime();
      pods.start(ordinal, rebuilt);
      pods.awaitReady(ordinal);
      assertThat(pods.pod(ordinal).container().address()).isNotEqualTo(address);
      storm.say(
          "pod %d: stopped after %d ms, ready again %d ms later",
          ordinal, millis(begin, stopped), millis(stopped, System.nanoTime()));
      pods.rest();
    }
    pause(CALM);
    if (load.isAlive()) {
      load.signal("TERM");
    }

    String line = load.awaitLine(it -> it.startsWith("load "), SOON);
    storm.say("%s", line);
    JsonNode seen = JsonMapper.shared().readTree(line.substring("load ".length()));
    assertThat(seen.required("errors").valueStream().map(JsonNode::asString)).isEmpty();
    assertThat(seen.required("calls").asInt()).isGreaterThan(100);
    assertThat(said).contains("is handed over");
    for (int ordinal = 0; ordinal < NODES; ordinal++) {
      Pod pod = pods.pod(ordinal);
      assertThat(pod.isDead()).as("pod %d lives", ordinal).isFalse();
      assertThat(pod.container().image()).isEqualTo(rebuilt);
      assertThat(pod.container().tail()).doesNotContain("Read-only file system");
      ExecResult user = pod.container().execute("id", "-u");
      assertThat(user.getStdout().trim()).isEqualTo("10001");
    }
  }

  /** Three pods, started at once, and all of them ready. */
  private Pods given() throws Exception {
    PodTemplate template = new PodTemplate(storm.directory());
    Network network = storm.add(Network.newNetwork());
    Pods pods = storm.add(new Pods(template, network));
    for (int ordinal = 0; ordinal < NODES; ordinal++) {
      pods.start(ordinal, image);
    }
    for (int ordinal = 0; ordinal < NODES; ordinal++) {
      pods.awaitReady(ordinal);
      NodeContainer node = pods.pod(ordinal).container();
      eventually(SOON, () -> assertThat(node.members()).isEqualTo(NODES));
    }
    return pods;
  }

  private static long millis(long from, long to) {
    return (to - from) / 1_000_000;
  }
}
