package dev.reprise.chaos.kubernetes;

import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.HostConfig;
import dev.reprise.chaos.container.Image;
import dev.reprise.chaos.container.NodeContainer;
import dev.reprise.chaos.container.NodeContainer.Setup;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.testcontainers.containers.Network;
import tools.jackson.databind.JsonNode;

/**
 * The pods of the overlay {@code three}, as containers of a Docker engine: what the manifests say
 * of variables, user, rights, directories, memory, probes and stops is read from them, not repeated
 * here.
 */
final class PodTemplate {
  private static final Path PLACE = Image.root().resolve("k8s");
  private static final String TEMPLATE = "/spec/template/spec";

  private final JsonNode set;
  private final List<JsonNode> variables = new ArrayList<>();
  private final Path configuration;

  /** How the engine's kubelet asks a pod: a path of a port, how often, and how patiently. */
  record Probe(int port, String path, Duration period, Duration timeout, int failures) {}

  /**
   * Reads the manifests.
   *
   * @param directory for what pods are given as files
   */
  PodTemplate(Path directory) throws IOException {
    set = statefulSet("base/statefulset.yaml");
    container().path("env").forEach(variables::add);
    // The patch of the overlay adds variables, and nothing else.
    statefulSet("overlays/three/statefulset.yaml")
        .at(TEMPLATE)
        .at("/containers/0/env")
        .forEach(variables::add);
    configuration = Files.createDirectory(directory.resolve("configuration"));
    Manifests.parse(Files.readString(PLACE.resolve("base/configmap.yaml")))
        .one("ConfigMap", "reprise")
        .path("data")
        .forEachEntry((name, text) -> write(configuration.resolve(name), text.asString()));
    for (Path each : List.of(directory, configuration)) {
      Files.setPosixFilePermissions(each, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }

  private static JsonNode statefulSet(String file) throws IOException {
    return Manifests.read(Files.readString(PLACE.resolve(file))).one("StatefulSet", "reprise");
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    } catch (IOException e) {
      throw new UncheckedIOException("Expected to write " + file, e);
    }
  }

  private JsonNode pod() {
    return set.at(TEMPLATE);
  }

  private JsonNode container() {
    return pod().path("containers").path(0);
  }

  /** What a pod is called. */
  String name(int ordinal) {
    return set.at("/metadata/name").asString() + "-" + ordinal;
  }

  /** The name that has the addresses of all. */
  private String service() {
    return set.at("/spec/serviceName").asString();
  }

  /** Between two pods of a rolling restart, counted from when the first is ready. */
  Duration minReady() {
    return Duration.ofSeconds(set.at("/spec/minReadySeconds").asInt());
  }

  /** From the signal on. */
  Duration grace() {
    return Duration.ofSeconds(pod().path("terminationGracePeriodSeconds").asInt());
  }

  /** How long a pod is left alone before it is told to stop. */
  Duration beforeStop() {
    JsonNode command = container().at("/lifecycle/preStop/exec/command");
    if (command.size() != 2 || !command.path(0).asString().equals("sleep")) {
      throw new AssertionError("Expected a pod to sleep before it stops, but got " + command);
    }
    return Duration.ofSeconds(Integer.parseInt(command.path(1).asString()));
  }

  Probe probe(String name) {
    JsonNode probe = container().path(name);
    JsonNode get = probe.path("httpGet");
    return new Probe(
        port(get.path("port").asString()),
        get.path("path").asString().substring(1),
        Duration.ofSeconds(probe.path("periodSeconds").asInt(10)),
        Duration.ofSeconds(probe.path("timeoutSeconds").asInt(1)),
        probe.path("failureThreshold").asInt(3));
  }

  private int port(String name) {
    return container()
        .path("ports")
        .valueStream()
        .filter(it -> it.path("name").asString().equals(name))
        .map(it -> it.path("containerPort").asInt())
        .findFirst()
        .orElseThrow(() -> new AssertionError("Expected a port " + name));
  }

  /** The container of a pod, over its volume. */
  Setup setup(String image, int ordinal, String volume, Network network) {
    String name = name(ordinal);
    JsonNode rights = pod().path("securityContext");
    return Setup.of(image, name, environment(name))
        .among(network, name + "." + service(), service())
        .as(rights.path("runAsUser").asInt() + ":" + rights.path("runAsGroup").asInt())
        .with(this::restrict)
        .with(mounts(volume));
  }

  private Map<String, String> environment(String name) {
    Map<String, String> environment = new LinkedHashMap<>();
    for (JsonNode variable : variables) {
      String field = variable.at("/valueFrom/fieldRef/fieldPath").asString("");
      String value = field.equals("metadata.name") ? name : variable.path("value").asString();
      for (Map.Entry<String, String> earlier : environment.entrySet()) {
        value = value.replace("$(" + earlier.getKey() + ")", earlier.getValue());
      }
      environment.put(variable.path("name").asString(), value);
    }
    return environment;
  }

  private void restrict(HostConfig host) {
    JsonNode rights = container().path("securityContext");
    host.withReadonlyRootfs(rights.path("readOnlyRootFilesystem").asBoolean());
    if (!rights.path("allowPrivilegeEscalation").asBoolean()) {
      host.withSecurityOpts(List.of("no-new-privileges"));
    }
    host.withCapDrop(
        rights
            .at("/capabilities/drop")
            .valueStream()
            .map(it -> Capability.valueOf(it.asString()))
            .toArray(Capability[]::new));
    String memory = container().at("/resources/limits/memory").asString();
    if (!memory.endsWith("Gi")) {
      throw new AssertionError("Expected a limit in Gi, but got " + memory);
    }
    host.withMemory(Long.parseLong(memory.substring(0, memory.length() - 2)) << 30);
  }

  /** The claim, the configuration, and the empty directories. */
  private Consumer<HostConfig> mounts(String volume) {
    Consumer<HostConfig> all = host -> {};
    Map<String, String> empty = new LinkedHashMap<>();
    for (JsonNode mount : container().path("volumeMounts")) {
      String path = mount.path("mountPath").asString();
      switch (mount.path("name").asString()) {
        case "data" -> all = all.andThen(NodeContainer.volume(volume, path));
        case "config" -> all = all.andThen(NodeContainer.volume(configuration.toString(), path));
        default -> empty.put(path, "mode=1777,exec");
      }
    }
    return all.andThen(host -> host.withTmpFs(empty));
  }
}
