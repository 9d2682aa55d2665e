package dev.reprise.chaos.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.reprise.chaos.container.Image;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/**
 * The manifests are what Kubernetes takes, and say what matters. What needs {@code kubectl} is
 * skipped where there is none; the files by themselves are checked in any case.
 */
class ManifestsTest {
  private static final Path PLACE = Image.root().resolve("k8s");

  @Test
  void everyFileOfTheBaseIsWhatKubernetesTakes() throws IOException {
    try (Stream<Path> files = Files.list(PLACE.resolve("base"))) {
      List<Path> manifests =
          files.filter(it -> !it.endsWith("kustomization.yaml")).sorted().toList();

      assertThat(manifests)
          .hasSize(7)
          .allSatisfy(it -> assertThat(Manifests.parse(Files.readString(it)).size()).isEqualTo(1));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "terminationGracePeriodSeconds: 60, terminationGracePeriodSecs: 60",
    "readOnlyRootFilesystem: true, readOnlyRootFileSystem: true",
    "failureThreshold: 150, failureTreshold: 150",
    "containerPort: 5122, port: 5122",
    "serviceName: reprise-nodes, servicename: reprise-nodes",
    "fieldPath: metadata.name, path: metadata.name"
  })
  void aMisspeltFieldIsFound(String right, String wrong) throws IOException {
    String good = Files.readString(PLACE.resolve("base/statefulset.yaml"));
    assertThat(good).contains(right);

    assertThatThrownBy(() -> Manifests.parse(good.replace(right, wrong)))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining(wrong.substring(0, wrong.indexOf(':')));
  }

  @ParameterizedTest
  @ValueSource(strings = {"base/service-clients.yaml", "base/networkpolicy.yaml"})
  void aMisspeltFieldIsFoundInOtherKinds(String file) throws IOException {
    String good = Files.readString(PLACE.resolve(file));

    assertThatThrownBy(() -> Manifests.parse(good.replace("port:", "prot:")))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("prot");
  }

  @ParameterizedTest
  @CsvSource({"single, 1", "three, 3", "five-zones, 5"})
  void anOverlayIsRenderedAndSaysWhatMatters(String overlay, int nodes) throws Exception {
    Manifests rendered = Manifests.parse(render(overlay));

    JsonNode spec = rendered.one("StatefulSet", "reprise").path("spec");
    assertThat(spec.path("replicas").asInt()).isEqualTo(nodes);
    assertThat(spec.path("podManagementPolicy").asString()).isEqualTo("Parallel");
    JsonNode nodesService = rendered.one("Service", "reprise-nodes").path("spec");
    assertThat(spec.path("serviceName").asString()).isEqualTo("reprise-nodes");
    assertThat(nodesService.path("clusterIP").asString()).isEqualTo("None");
    assertThat(nodesService.path("publishNotReadyAddresses").asBoolean()).isTrue();
    assertThat(
            rendered
                .one("PodDisruptionBudget", "reprise")
                .path("spec")
                .path("maxUnavailable")
                .asInt())
        .isEqualTo(1);
    assertThat(rendered.size()).isEqualTo(7);
    selectorsMeetThePods(rendered);
    portsMeetThoseOfTheContainer(rendered);
  }

  @Test
  void aPodHasNoRightsAndEndsInOrder() throws Exception {
    JsonNode pod =
        Manifests.parse(Files.readString(PLACE.resolve("base/statefulset.yaml")))
            .one("StatefulSet", "reprise")
            .path("spec")
            .path("template")
            .path("spec");
    JsonNode container = pod.path("containers").path(0);

    assertThat(pod.path("enableServiceLinks").asBoolean(true)).isFalse();
    assertThat(pod.path("automountServiceAccountToken").asBoolean(true)).isFalse();
    assertThat(pod.path("terminationGracePeriodSeconds").asInt()).isGreaterThanOrEqualTo(30);
    assertThat(pod.path("securityContext").path("runAsNonRoot").asBoolean()).isTrue();
    assertThat(pod.path("securityContext").path("fsGroup").asInt()).isPositive();
    JsonNode rights = container.path("securityContext");
    assertThat(rights.path("readOnlyRootFilesystem").asBoolean()).isTrue();
    assertThat(rights.path("allowPrivilegeEscalation").asBoolean(true)).isFalse();
    assertThat(rights.path("capabilities").path("drop").path(0).asString()).isEqualTo("ALL");
    assertThat(container.path("livenessProbe").path("httpGet").path("port").asString())
        .isEqualTo("node");
    assertThat(container.path("readinessProbe").path("httpGet").path("path").asString())
        .isEqualTo("/restate/health");
    assertThat(container.path("resources").path("limits").path("memory").asString())
        .isEqualTo(container.path("resources").path("requests").path("memory").asString());
  }

  @Test
  void moreThanOneNodeFindsTheOthersByTheNameOfTheirService() throws Exception {
    JsonNode variables =
        Manifests.parse(render("five-zones"))
            .one("StatefulSet", "reprise")
            .at("/spec/template/spec/containers/0/env");

    assertThat(variables.valueStream().map(it -> it.path("name").asString()))
        .contains("REPRISE_PEERS", "REPRISE_AUTO_PROVISION", "REPRISE_NODE_NAME", "REPRISE_ZONE");
    assertThat(
            variables
                .valueStream()
                .filter(it -> it.path("name").asString().equals("REPRISE_EXPECT_NODES"))
                .map(it -> it.path("value").asString()))
        .as("nobody founds a cluster whose others it has not seen")
        .containsExactly("5");
  }

  private static void selectorsMeetThePods(Manifests rendered) {
    JsonNode labels = rendered.one("StatefulSet", "reprise").at("/spec/template/metadata/labels");
    for (JsonNode selector :
        List.of(
            rendered.one("StatefulSet", "reprise").at("/spec/selector/matchLabels"),
            rendered.one("Service", "reprise").at("/spec/selector"),
            rendered.one("Service", "reprise-nodes").at("/spec/selector"),
            rendered.one("PodDisruptionBudget", "reprise").at("/spec/selector/matchLabels"),
            rendered.one("NetworkPolicy", "reprise").at("/spec/podSelector/matchLabels"))) {
      assertThat(selector.isEmpty()).isFalse();
      selector.forEachEntry((name, value) -> assertThat(labels.path(name)).isEqualTo(value));
    }
  }

  private static void portsMeetThoseOfTheContainer(Manifests rendered) {
    JsonNode container =
        rendered.one("StatefulSet", "reprise").at("/spec/template/spec/containers/0");
    List<String> named =
        container.path("ports").valueStream().map(it -> it.path("name").asString()).toList();
    assertThat(named).doesNotHaveDuplicates().contains("ingress", "admin", "grpc", "node");
    for (String service : List.of("reprise", "reprise-nodes")) {
      assertThat(
              rendered
                  .one("Service", service)
                  .at("/spec/ports")
                  .valueStream()
                  .map(it -> it.path("targetPort").asString()))
          .isSubsetOf(named);
    }
    for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
      assertThat(named).contains(container.path(probe).path("httpGet").path("port").asString());
    }
    assertThat(
            StreamSupport.stream(
                    rendered.one("NetworkPolicy", "reprise").at("/spec/ingress").spliterator(),
                    false)
                .flatMap(it -> it.path("ports").valueStream())
                .map(it -> it.path("port").asString()))
        .isSubsetOf(named);
  }

  private static String render(String overlay) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("kubectl", "kustomize"));
    command.add(PLACE.resolve("overlays").resolve(overlay).toString());
    Path errors = Files.createTempFile("kubectl", ".log");
    try {
      Process process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
      String rendered = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("kubectl ends in time").isTrue();
      assertThat(process.exitValue()).as(() -> "kubectl: " + read(errors)).isZero();
      return rendered;
    } catch (IOException e) {
      String missing = "expected kubectl on the PATH to render k8s/ with, but there is none";
      System.out.println("[storm] skipped: " + missing);
      abort(missing);
      throw e;
    } finally {
      Files.deleteIfExists(errors);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return "(" + e.getMessage() + ")";
    }
  }
}
