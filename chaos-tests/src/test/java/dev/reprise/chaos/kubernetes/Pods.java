package dev.reprise.chaos.kubernetes;

import static dev.reprise.chaos.rig.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.chaos.container.NodeContainer;
import dev.reprise.chaos.container.Placeholder;
import dev.reprise.chaos.rig.Eventually;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Collectors;
import org.testcontainers.containers.Network;

/**
 * The pods of a StatefulSet, each with a volume that outlives it. What Kubernetes does with them
 * when their template changes is done here in the same order. For one thread, but for {@link
 * #ready}.
 */
final class Pods implements AutoCloseable {
  private static final Duration STARTS = Duration.ofMinutes(5);

  private final PodTemplate template;
  private final Network network;
  private final String claims = "reprise-test-" + UUID.randomUUID();
  private final Map<Integer, Pod> pods = new ConcurrentSkipListMap<>();
  private final Map<Integer, String> volumes = new TreeMap<>();
  private final List<Placeholder> taken = new ArrayList<>();

  Pods(PodTemplate template, Network network) {
    this.template = template;
    this.network = network;
  }

  /** Starts one, and returns before it is ready. */
  void start(int ordinal, String image) {
    String volume = volumes.computeIfAbsent(ordinal, it -> claims + "-" + template.name(ordinal));
    NodeContainer container = NodeContainer.start(template.setup(image, ordinal, volume, network));
    pods.put(ordinal, new Pod(container, template));
  }

  void awaitReady(int ordinal) {
    Pod pod = pod(ordinal);
    eventually(
        STARTS,
        () -> {
          assertThat(pod.container().isRunning() && !pod.isDead())
              .as(() -> pod.container().tail())
              .isTrue();
          assertThat(pod.isReady()).as(this::tail).isTrue();
        });
  }

  Pod pod(int ordinal) {
    Pod pod = pods.get(ordinal);
    if (pod == null) {
      throw new AssertionError("Expected pod " + ordinal + " to have been started");
    }
    return pod;
  }

  /** Where a port of those is that are ready. Any thread. */
  List<InetSocketAddress> ready(int port) {
    return pods.values().stream().filter(Pod::isReady).map(it -> it.door(port)).toList();
  }

  /**
   * Stops a pod as Kubernetes does: it leaves the Service, is left alone for a while, is told to
   * stop, and is removed.
   *
   * @return what it said
   */
  String stop(int ordinal) {
    Pod pod = pod(ordinal);
    pod.end();
    Eventually.pause(template.beforeStop());
    assertThat(pod.container().stop(template.grace()))
        .as(() -> pod.container().tail())
        .isIn(0L, 143L);
    String said = pod.container().tail();
    pods.remove(ordinal);
    pod.close();
    // Its next one has another address.
    taken.add(new Placeholder(network));
    return said;
  }

  /** Lets so much time pass as Kubernetes does between two pods. */
  void rest() {
    Eventually.pause(template.minReady());
  }

  String tail() {
    return pods.values().stream()
        .map(it -> it.container().tail())
        .collect(Collectors.joining("\n"));
  }

  @Override
  public void close() {
    pods.values().forEach(Pod::close);
    taken.forEach(Placeholder::close);
    volumes.values().forEach(NodeContainer::remove);
  }
}
