package dev.reprise.chaos.container;

import static dev.reprise.chaos.rig.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.exception.NotModifiedException;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Ports;
import com.github.dockerjava.api.model.Volume;
import dev.reprise.chaos.rig.IngressClient;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.Container.ExecResult;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.utility.DockerImageName;

/**
 * A node in a container of our image, which keeps its files over {@link #kill} and {@link #start}.
 * Its ports on this machine are others after each start. For one thread.
 */
public final class NodeContainer implements AutoCloseable {
  private static final Duration SERVES = Duration.ofMinutes(2);
  private static final String HOST = "host.docker.internal";

  private final GenericContainer<?> container;
  private final DockerClient docker = DockerClientFactory.instance().client();

  private NodeContainer(GenericContainer<?> container) {
    this.container = container;
  }

  /**
   * Starts one by itself, and returns without waiting for it.
   *
   * @param more anything else of the container
   */
  public static NodeContainer start(
      String image, String hostname, Map<String, String> environment, Consumer<HostConfig> more) {
    return start(container(image, hostname, environment, more));
  }

  /**
   * Starts one among others, and returns without waiting for it.
   *
   * @param aliases what the others may call it beside its host name; several may share one
   */
  public static NodeContainer start(
      String image,
      String hostname,
      Map<String, String> environment,
      Consumer<HostConfig> more,
      Network network,
      String... aliases) {
    return start(
        container(image, hostname, environment, more)
            .withNetwork(network)
            .withNetworkAliases(hostname)
            .withNetworkAliases(aliases));
  }

  private static NodeContainer start(GenericContainer<?> container) {
    NodeContainer node = new NodeContainer(container);
    container.start();
    return node;
  }

  private static GenericContainer<?> container(
      String image, String hostname, Map<String, String> environment, Consumer<HostConfig> more) {
    return new GenericContainer<>(DockerImageName.parse(image))
        .withImagePullPolicy(name -> false)
        .withEnv(environment)
        .withExposedPorts(8080, 9070, 9071, 5122)
        .withExtraHost(HOST, "host-gateway")
        .waitingFor(new Nothing())
        .withCreateContainerCmdModifier(command -> shape(command, hostname, more));
  }

  private static void shape(
      CreateContainerCmd command, String hostname, Consumer<HostConfig> more) {
    command.withHostName(hostname);
    more.accept(Objects.requireNonNull(command.getHostConfig()));
  }

  /** Where a node in a container reaches a port of this machine. */
  public static String uriOfHost(int port) {
    return "http://" + HOST + ":" + port;
  }

  /** A place that outlives containers; to be removed with {@link #remove}. */
  public static Consumer<HostConfig> volume(String name, String path) {
    return host -> host.withBinds(new Bind(name, new Volume(path)));
  }

  /** Removes a volume that no container uses any more. */
  public static void remove(String volume) {
    try {
      DockerClientFactory.instance().client().removeVolumeCmd(volume).exec();
    } catch (NotFoundException e) {
      // Never made.
    }
  }

  /** Waits as the ecosystem's helpers do: for the health of ingress and admin. */
  public NodeContainer awaitServing() {
    eventually(
        SERVES,
        () -> {
          assertThat(isRunning()).as(this::tail).isTrue();
          ingress().to("restate/health").get().expectStatus(200);
          admin().to("health").get().expectStatus(200);
        });
    return this;
  }

  public IngressClient ingress() {
    return new IngressClient(uri(8080));
  }

  public IngressClient admin() {
    return new IngressClient(uri(9070));
  }

  /** Where a port of the container is on this machine, for as long as it runs. */
  public URI uri(int port) {
    Ports.Binding[] bindings =
        inspect().getNetworkSettings().getPorts().getBindings().get(ExposedPort.tcp(port));
    if (bindings == null || bindings.length == 0) {
      throw new AssertionError("Expected port " + port + " to be reachable\n" + tail());
    }
    return URI.create("http://127.0.0.1:" + bindings[0].getHostPortSpec());
  }

  /** Runs a program in the container. */
  public ExecResult execute(String... command) throws IOException, InterruptedException {
    return container.execInContainer(command);
  }

  /** Sends its first process a signal. */
  public void signal(String name) {
    docker.killContainerCmd(container.getContainerId()).withSignal(name).exec();
  }

  /** {@code kill -9}. */
  public void kill() {
    signal("KILL");
    awaitEnd(Duration.ofSeconds(20));
  }

  /** Asks it to end, as {@code docker stop} does; returns its exit code. */
  public long stop(Duration grace) {
    try {
      docker
          .stopContainerCmd(container.getContainerId())
          .withTimeout(Math.toIntExact(grace.toSeconds()))
          .exec();
    } catch (NotModifiedException e) {
      // It has ended by itself.
    }
    return awaitEnd(grace);
  }

  private long awaitEnd(Duration deadline) {
    eventually(deadline, () -> assertThat(isRunning()).isFalse());
    return Objects.requireNonNull(inspect().getState().getExitCodeLong());
  }

  /** Starts it again. */
  public NodeContainer restart() {
    docker.startContainerCmd(container.getContainerId()).exec();
    return this;
  }

  public boolean isRunning() {
    return Boolean.TRUE.equals(inspect().getState().getRunning());
  }

  /** What the engine's own check says: {@code starting}, {@code healthy}, {@code unhealthy}. */
  public @Nullable String health() {
    return inspect().getState().getHealth().getStatus();
  }

  private InspectContainerResponse inspect() {
    return docker.inspectContainerCmd(container.getContainerId()).exec();
  }

  /** All that it said. */
  public String tail() {
    return "---- " + container.getContainerName() + " ----\n" + container.getLogs();
  }

  @Override
  public void close() {
    container.close();
  }
}
