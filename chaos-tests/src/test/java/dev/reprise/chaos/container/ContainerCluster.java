package dev.reprise.chaos.container;

import com.github.dockerjava.api.model.HostConfig;
import dev.reprise.chaos.container.NodeContainer.Setup;
import dev.reprise.chaos.link.Links;
import dev.reprise.chaos.link.ProxyLinks;
import dev.reprise.chaos.rig.AdminClient;
import dev.reprise.chaos.rig.Cluster;
import dev.reprise.chaos.rig.ClusterDoor;
import dev.reprise.chaos.rig.ClusterWatch;
import dev.reprise.chaos.rig.IngressClient;
import dev.reprise.chaos.rig.Ports;
import dev.reprise.chaos.rig.Rot;
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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.Network;

/**
 * A cluster of containers of our image. They find each other at the address that this machine has
 * among them, where there are proxies; each has its directory from this machine, so that a disk can
 * be wiped, filled and let rot. Needs an engine on this machine.
 */
public final class ContainerCluster implements Cluster {
  private static final int PORTS_PER_NODE = 3;
  private static final Duration FOUNDED = Duration.ofMinutes(5);
  private static final Duration GRACE = Duration.ofSeconds(60);

  private final Path directory;
  private final List<NodeContainer> nodes = new ArrayList<>();
  private final List<Shim> shims = new ArrayList<>();
  private final List<IngressClient> ingresses = new ArrayList<>();
  private final List<AdminClient> admins = new ArrayList<>();
  private final List<ClusterDoor> doors = new ArrayList<>();
  private final ClusterWatch watch = new ClusterWatch(doors, this::isUp);
  private final Network network = Network.newNetwork();
  private final String host = gateway(network);
  private final ProxyLinks proxies;

  /** Where each node is among the others; empty while it is dead. */
  private final List<String> addresses = new CopyOnWriteArrayList<>();

  /** Starts all nodes, and returns when they serve. */
  public ContainerCluster(String image, int size, Path directory) {
    this.directory = directory;
    this.proxies = new ProxyLinks(size, this::place);
    Path library = Shim.build(directory);
    List<Integer> ports =
        IntStream.range(0, size).mapToObj(it -> Ports.run(PORTS_PER_NODE)).toList();
    try {
      for (int node = 0; node < size; node++) {
        shims.add(new Shim(library, open(home(node))));
        open(data(node));
        addresses.add("");
        launch(image, node, library, ports);
      }
      nodes.forEach(NodeContainer::awaitServing);
      awaitWhole(FOUNDED);
    } catch (RuntimeException | AssertionError e) {
      System.out.println(tail());
      close();
      throw e;
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

  private void launch(String image, int node, @Nullable Path library, List<Integer> ports) {
    int ingress = Ports.free();
    int admin = Ports.free();
    int grpc = Ports.free();
    ingresses.add(new IngressClient(URI.create("http://127.0.0.1:" + ingress)));
    admins.add(AdminClient.at(URI.create("http://127.0.0.1:" + admin), "127.0.0.1:" + grpc));
    doors.add(new ClusterDoor("127.0.0.1:" + grpc));
    for (int port = ports.get(node); port < ports.get(node) + PORTS_PER_NODE; port++) {
      int own = port;
      proxies.add(
          node, ProxyLinks.at(host, port), () -> new InetSocketAddress(addresses.get(node), own));
    }
    Setup setup =
        Setup.of(image, "n" + (node + 1), variables(node, ports))
            .among(network)
            .with(
                NodeContainer.published(
                    Map.of(8080, ingress, 9070, admin, 9071, grpc, 5122, Ports.free())))
            .with(mounted(home(node)));
    if (library != null) {
      setup = setup.with(mounted(library));
    }
    int user = owner(directory);
    nodes.add(NodeContainer.start(user == 0 ? setup : setup.as(user + ":0")));
    addresses.set(node, nodes.get(node).address());
  }

  private Map<String, String> variables(int node, List<Integer> ports) {
    Map<String, String> told = new HashMap<>(shims.get(node).environment());
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
  private int place(Socket connection) {
    return addresses.indexOf(connection.getInetAddress().getHostAddress());
  }

  @Override
  public int size() {
    return nodes.size();
  }

  @Override
  public IngressClient ingress(int node) {
    return ingresses.get(node);
  }

  @Override
  public AdminClient admin(int node) {
    return admins.get(node);
  }

  @Override
  public ClusterDoor grpc(int node) {
    return doors.get(node);
  }

  @Override
  public URI fromWithin(URI uri) {
    return URI.create(uri.toString().replace("127.0.0.1", host));
  }

  @Override
  public boolean isUp(int node) {
    return nodes.get(node).isRunning();
  }

  @Override
  public void kill(int node) {
    if (isUp(node)) {
      nodes.get(node).kill();
      addresses.set(node, "");
    }
  }

  @Override
  public void stop(int node) {
    if (isUp(node)) {
      nodes.get(node).stop(GRACE);
      addresses.set(node, "");
    }
  }

  @Override
  public void start(int node) {
    if (!isUp(node)) {
      addresses.set(node, nodes.get(node).restart().address());
    }
  }

  @Override
  public void awaitServing(int node) {
    nodes.get(node).awaitServing();
  }

  @Override
  public void awaitWhole(Duration deadline) {
    watch.awaitWhole(deadline);
  }

  @Override
  public List<String> differences() {
    return watch.differences(FOUNDED);
  }

  @Override
  public void pause(int node) {
    if (isUp(node)) {
      nodes.get(node).pause(true);
    }
  }

  @Override
  public void resume(int node) {
    if (isUp(node)) {
      nodes.get(node).pause(false);
    }
  }

  @Override
  public void wipe(int node) {
    expectDead(node);
    Rot.wipe(data(node));
  }

  @Override
  public String rot(int node, SplittableRandom random) {
    expectDead(node);
    return Rot.flip(data(node), random);
  }

  @Override
  public Links links() {
    return size() > 1 ? proxies : Links.NONE;
  }

  @Override
  public Shim shim(int node) {
    return shims.get(node);
  }

  @Override
  public int leader(Duration deadline) {
    return watch.leader(deadline);
  }

  @Override
  public String tail() {
    return nodes.stream().map(NodeContainer::tail).collect(Collectors.joining("\n"));
  }

  @Override
  public String tail(int node) {
    return nodes.get(node).tail();
  }

  @Override
  public void close() {
    doors.forEach(ClusterDoor::close);
    nodes.forEach(NodeContainer::close);
    proxies.close();
    network.close();
  }
}
