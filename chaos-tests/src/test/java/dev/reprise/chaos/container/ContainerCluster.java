package dev.reprise.chaos.container;

import com.github.dockerjava.api.model.HostConfig;
import dev.reprise.chaos.container.NodeContainer.Setup;
import dev.reprise.chaos.link.ProxyLinks;
import dev.reprise.chaos.rig.AdminClient;
import dev.reprise.chaos.rig.HostedCluster;
import dev.reprise.chaos.rig.IngressClient;
import dev.reprise.chaos.rig.Ports;
import dev.reprise.chaos.rig.Shim;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.Network;

/**
 * A cluster of containers of our image. They find each other at the address that this machine has
 * among them, where there are proxies; each has its directory from this machine, so that a disk can
 * be wiped, filled and let rot. Needs an engine on this machine.
 */
public final class ContainerCluster extends HostedCluster {
  private static final int PORTS_PER_NODE = 3;
  private static final Duration GRACE = Duration.ofSeconds(60);

  private final Path directory;
  private final Network network;
  private final String host;

  /** Where each node is among the others; empty while it is dead. */
  private final List<String> addresses;

  /** Starts all nodes, and returns when they serve. */
  public ContainerCluster(String image, int size, Path directory) {
    this(image, directory, new CopyOnWriteArrayList<>(Collections.nCopies(size, "")));
  }

  private ContainerCluster(String image, Path directory, List<String> addresses) {
    super(Duration.ofMinutes(5), new ProxyLinks(addresses.size(), it -> place(addresses, it)));
    this.directory = directory;
    this.addresses = addresses;
    this.network = Network.newNetwork();
    this.host = gateway(network);
    awaitFounded(() -> launch(image));
  }

  private void launch(String image) {
    Path library = Shim.build(directory);
    List<Integer> ports = addresses.stream().map(unused -> Ports.run(PORTS_PER_NODE)).toList();
    for (int node = 0; node < addresses.size(); node++) {
      Shim shim = new Shim(library, open(home(node)));
      open(data(node));
      launch(image, node, library, shim, ports);
    }
  }

  private static String gateway(Network network) {
    return DockerClientFactory.instance()
        .client()
        .inspectNetworkCmd()
        .withNetworkId(network.getId())
        .exec()
        .getIpam()
        .getConfig()
        .getFirst()
        .getGateway();
  }

  private Path home(int node) {
    return directory.resolve("n" + (node + 1));
  }

  private Path data(int node) {
    return home(node).resolve("data");
  }

  /** A directory that the image's own user can write to. */
  private static Path open(Path path) {
    try {
      return Files.setPosixFilePermissions(
          Files.createDirectories(path), PosixFilePermissions.fromString("rwxrwxrwx"));
    } catch (IOException e) {
      throw new UncheckedIOException("Expected to make " + path, e);
    }
  }

  /** At the same place in the container. */
  private static Consumer<HostConfig> mounted(Path path) {
    return NodeContainer.volume(path.toString(), path.toString());
  }

  /** Whoever is not root could not wipe what the image's own user has written. */
  private static int owner(Path path) {
    try {
      return (Integer) Files.getAttribute(path, "unix:uid");
    } catch (IOException e) {
      throw new UncheckedIOException("Expected to find " + path, e);
    }
  }

  private void launch(
      String image, int node, @Nullable Path library, Shim shim, List<Integer> ports) {
    int ingress = Ports.free();
    int admin = Ports.free();
    int grpc = Ports.free();
    add(shim);
    add(
        new IngressClient(URI.create("http://127.0.0.1:" + ingress)),
        AdminClient.at(URI.create("http://127.0.0.1:" + admin), "127.0.0.1:" + grpc),
        "127.0.0.1:" + grpc);
    for (int port = ports.get(node); port < ports.get(node) + PORTS_PER_NODE; port++) {
      int own = port;
      proxies()
          .add(
              node,
              ProxyLinks.at(host, port),
              () -> new InetSocketAddress(addresses.get(node), own));
    }
    Setup setup =
        Setup.of(image, "n" + (node + 1), variables(node, shim, ports))
            .among(network)
            .with(
                NodeContainer.published(
                    Map.of(8080, ingress, 9070, admin, 9071, grpc, 5122, Ports.free())))
            .with(mounted(home(node)));
    if (library != null) {
      setup = setup.with(mounted(library));
    }
    int user = owner(directory);
    add(new InContainer(node, NodeContainer.start(user == 0 ? setup : setup.as(user + ":0"))));
  }

  private Map<String, String> variables(int node, Shim shim, List<Integer> ports) {
    Map<String, String> told = new HashMap<>(shim.environment());
    told.put("REPRISE_BASE_DIR", data(node).toString());
    told.put("REPRISE_CLUSTER_NAME", "storm");
    told.put("REPRISE_NODE_NAME", "n" + (node + 1));
    told.put("REPRISE_NODE_PORT", ports.get(node).toString());
    told.put("REPRISE_ADVERTISED_HOST", host);
    told.put("REPRISE_AUTO_PROVISION", "true");
    told.put(
        "REPRISE_PEERS",
        ports.stream().map(it -> host + ":" + it).collect(Collectors.joining(",", "[", "]")));
    return Map.copyOf(told);
  }

  /** By its address among the others: what this machine itself asks is of no node. */
  private static int place(List<String> addresses, Socket connection) {
    return addresses.indexOf(connection.getInetAddress().getHostAddress());
  }

  @Override
  public URI fromWithin(URI uri) {
    return URI.create(uri.toString().replace("127.0.0.1", host));
  }

  @Override
  public void close() {
    super.close();
    network.close();
  }

  private final class InContainer implements Node {
    private final int number;
    private final NodeContainer container;

    InContainer(int number, NodeContainer container) {
      this.number = number;
      this.container = container;
      addresses.set(number, container.address());
    }

    @Override
    public boolean isUp() {
      return container.isRunning();
    }

    @Override
    public void kill() {
      container.kill();
      addresses.set(number, "");
    }

    @Override
    public void stop() {
      container.stop(GRACE);
      addresses.set(number, "");
    }

    @Override
    public void start() {
      addresses.set(number, container.restart().address());
    }

    @Override
    public void awaitServing() {
      container.awaitServing();
    }

    @Override
    public void pause(boolean held) {
      container.pause(held);
    }

    @Override
    public Path data() {
      return ContainerCluster.this.data(number);
    }

    @Override
    public String tail() {
      return container.tail();
    }

    @Override
    public void close() {
      container.close();
    }
  }
}
