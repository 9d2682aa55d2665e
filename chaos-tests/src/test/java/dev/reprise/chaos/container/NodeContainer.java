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
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Ports.Binding;
import com.github.dockerjava.api.model.Volume;
import dev.reprise.chaos.rig.IngressClient;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
 * A node in a container of our image, which keeps its files over {@link #kill} and {@link
 * #restart}. Its ports on this machine are others after each start, unless they were {@link
 * #published}. For one thread.
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
   * What a container is started with.
   *
   * @param more anything else of the container
   * @param user its user and group; null for the image's own
   * @param network where others are; null for none
   * @param aliases what the others may call it there beside its host name; several may share one
   */
  public record Setup(
      String image,
      String hostname,
      Map<String, String> environment,
      Consumer<HostConfig> more,
      @Nullable String user,
      @Nullable Network network,
      List<String> aliases) {

    /** One by itself. */
    public static Setup of(String image, String hostname, Map<String, String> environment) {
      return new Setup(image, hostname, environment, host -> {}, null, null, List.of());
    }

    public Setup among(Network others, String... names) {
      return new Setup(image, hostname, environment, more, user, others, List.of(names));
    }

    public Setup as(String otherUser) {
      return new Setup(image, hostname, environment, more, otherUser, network, aliases);
    }

    public Setup with(Consumer<HostConfig> further) {
      return new Setup(image, hostname, environment, more.andThen(further), user, network, aliases);
    }
  }

  /** Starts one, and returns without waiting for it. */
  public static NodeContainer start(Setup setup) {
    GenericContainer<?> container =
        new GenericContainer<>(DockerImageName.parse(setup.image()))
            .withImagePullPolicy(name -> false)
            .withEnv(setup.environment())
            .withExposedPorts(8080, 9070, 9071, 5122)
            .withExtraHost(HOST, "host-gateway")
            .waitingFor(new Nothing())
            .withCreateContainerCmdModifier(command -> shape(command, setup));
    Network network = setup.network();
    if (network != null) {
      container
          .withNetwork(network)
          .withNetworkAliases(setup.hostname())
          .withNetworkAliases(setup.aliases().toArray(String[]::new));
    }
    NodeContainer node = new NodeContainer(container);
    container.start();
    return node;
  }

  private static void shape(CreateContainerCmd command, Setup setup) {
    command.withHostName(setup.hostname());
    String user = setup.user();
    if (user != null) {
      command.withUser(user);
    }
    setup.more().accept(Objects.requireNonNull(command.getHostConfig()));
  }

  /** What a node in a container calls this machine by. */
  public static String nameOfHost() {
    return HOST;
  }

  /** Where a node in a container reaches a port of this machine. */
  public static String uriOfHost(int port) {
    return "http://" + HOST + ":" + port;
  }

  /**
   * A place that outlives containers: a volume, to be removed with {@link #remove}, or a directory
   * of the engine's machine.
   */
  public static Consumer<HostConfig> volume(String name, String path) {
    return host -> {
      List<Bind> binds = new ArrayList<>();
      if (host.getBinds() != null) {
        binds.addAll(List.of(host.getBinds()));
      }
      binds.add(new Bind(name, new Volume(path)));
      host.withBinds(binds);
    };
  }

  /** The ports of this machine that all its own ones have, after each start the same. */
  public static Consumer<HostConfig> published(Map<Integer, Integer> ports) {
    return host ->
        host.withPortBindings(
            ports.entrySet().stream()
                .map(
                    it ->
                        new PortBinding(
                            Binding.bindIpAndPort("127.0.0.1", it.getValue()),
                            ExposedPort.tcp(it.getKey())))
                .toList());
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
    Binding[] bindings =
        inspect().getNetworkSettings().getPorts().getBindings().get(ExposedPort.tcp(port));
    if (bindings == null || bindings.length == 0) {
      throw new AssertionError("Expected port " + port + " to be reachable\n" + tail());
    }
    return URI.create("http://127.0.0.1:" + bindings[0].getHostPortSpec());
  }

  /** Its host's name. */
  public String name() {
    return Objects.requireNonNull(inspect().getConfig().getHostName());
  }

  /** What it was made of. */
  public String image() {
    return Objects.requireNonNull(inspect().getConfig().getImage());
  }

  /** How many members it says that its cluster has. */
  public int members() throws IOException {
    return admin()
        .to("cluster-health")
        .get()
        .expectStatus(200)
        .json()
        .at("/metadata_cluster_health/members")
        .size();
  }

  /** Its address among the others; none while it does not run. */
  public String address() {
    return inspect().getNetworkSettings().getNetworks().values().stream()
        .map(it -> Objects.requireNonNullElse(it.getIpAddress(), ""))
        .findFirst()
        .orElse("");
  }

  /** Runs a program in the container. */
  public ExecResult execute(String... command) throws IOException, InterruptedException {
    return container.execInContainer(command);
  }

  /** Sends its first process a signal. */
  public void signal(String name) {
    docker.killContainerCmd(container.getContainerId()).withSignal(name).exec();
  }

  /** Holds all that runs in it, as {@code docker pause} does, or lets it go on. */
  public void pause(boolean hold) {
    if (hold) {
      docker.pauseContainerCmd(container.getContainerId()).exec();
    } else {
      docker.unpauseContainerCmd(container.getContainerId()).exec();
    }
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
