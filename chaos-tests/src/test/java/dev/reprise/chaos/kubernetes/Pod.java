package dev.reprise.chaos.kubernetes;

import dev.reprise.chaos.container.NodeContainer;
import dev.reprise.chaos.kubernetes.PodTemplate.Probe;
import dev.reprise.chaos.rig.Eventually;
import dev.reprise.chaos.rig.IngressClient;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A container that is probed as Kubernetes probes a pod: first until it has started, from then on
 * whether it is ready and whether it lives. Any thread.
 */
final class Pod implements AutoCloseable {
  private final NodeContainer container;
  private final Map<Integer, URI> doors;
  private volatile boolean ready;
  private volatile boolean dead;
  private volatile boolean ends;

  /** Starts to probe a container that has been started. */
  Pod(NodeContainer container, PodTemplate template) {
    this.container = container;
    this.doors =
        IntStream.of(8080, 9070, 5122).boxed().collect(Collectors.toMap(it -> it, container::uri));
    Thread.ofVirtual().start(() -> probe(template));
  }

  private void probe(PodTemplate template) {
    Probe startup = template.probe("startupProbe");
    for (int failed = 0; !ends && !answers(startup); ) {
      failed++;
      if (failed == startup.failures()) {
        dead = true;
        return;
      }
      Eventually.pause(startup.period());
    }
    Thread.ofVirtual().start(() -> repeat(template.probe("livenessProbe"), this::lives));
    repeat(template.probe("readinessProbe"), now -> ready = now);
  }

  private void lives(boolean now) {
    if (!now) {
      dead = true;
    }
  }

  /** Told of each success, and of failures once there are enough in a row. */
  private void repeat(Probe probe, Consumer<Boolean> told) {
    for (int failed = 0; !ends; ) {
      failed = answers(probe) ? 0 : failed + 1;
      if (failed == 0 || failed >= probe.failures()) {
        told.accept(failed == 0);
      }
      Eventually.pause(probe.period());
    }
  }

  private boolean answers(Probe probe) {
    URI door = doors.get(probe.port());
    if (door == null) {
      throw new AssertionError("Expected a probe of one of " + doors.keySet());
    }
    try {
      int status = new IngressClient(door).to(probe.path()).within(probe.timeout()).get().status();
      return status >= 200 && status < 400;
    } catch (IOException e) {
      return false;
    }
  }

  NodeContainer container() {
    return container;
  }

  /** Whether clients are sent to it. */
  boolean isReady() {
    return ready && !ends;
  }

  /** Whether Kubernetes would have restarted it by now. */
  boolean isDead() {
    return dead;
  }

  /** From now on no new connection goes to it, and nobody asks how it is. */
  void end() {
    ends = true;
  }

  InetSocketAddress door(int port) {
    URI door = doors.get(port);
    if (door == null) {
      throw new AssertionError("Expected one of the ports " + doors.keySet() + ", but got " + port);
    }
    return new InetSocketAddress(door.getHost(), door.getPort());
  }

  @Override
  public void close() {
    end();
    container.close();
  }
}
