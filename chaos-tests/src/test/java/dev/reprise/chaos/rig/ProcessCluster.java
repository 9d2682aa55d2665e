package dev.reprise.chaos.rig;

import dev.reprise.chaos.link.Links;
import dev.reprise.chaos.link.ProxyLinks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A cluster of processes on this machine, each with its own directory, address and ports. Where
 * there are several nodes, they find each other at addresses behind which there are proxies.
 */
public final class ProcessCluster implements Cluster {
  private static final int PORTS_PER_NODE = 3;

  private static final Duration FOUNDED = Duration.ofMinutes(3);

  private final List<ServerProcess> servers = new ArrayList<>();
  private final List<Shim> shims = new ArrayList<>();
  private final List<IngressClient> ingresses = new ArrayList<>();
  private final List<AdminClient> admins = new ArrayList<>();
  private final List<ClusterDoor> doors = new ArrayList<>();
  private final ClusterWatch watch = new ClusterWatch(doors, this::isUp);
  private final ProxyLinks proxies;

  /**
   * What a cluster is made of.
   *
   * @param directory below which each node has its own
   * @param flags of each server
   * @param before stands before the servers' class path; empty for nothing
   * @param shims whether disks and clocks are to be touched
   */
  public record Setup(int nodes, Path directory, List<String> flags, String before, boolean shims) {
    /** Servers as they are. */
    public static Setup of(int nodes, Path directory) {
      return new Setup(nodes, directory, List.of(), "", true);
    }

    public Setup with(String before) {
      return new Setup(nodes, directory, flags, before, shims);
    }
  }

  /** Starts all nodes, and returns when they serve. */
  public ProcessCluster(Setup setup) {
    proxies = new ProxyLinks(setup.nodes(), ProxyLinks.processes(setup.nodes(), this::pid));
    Path library = setup.shims() ? Shim.build(setup.directory()) : null;
    List<Integer> ports = new ArrayList<>();
    for (int node = 0; node < setup.nodes(); node++) {
      ports.add(Ports.run(PORTS_PER_NODE));
    }
    try {
      for (int node = 0; node < setup.nodes(); node++) {
        Path home = directory(setup.directory(), "n" + (node + 1));
        shims.add(new Shim(library, home));
        launch(setup, node, home, ports);
      }
      servers.forEach(ServerProcess::awaitReady);
      awaitWhole(FOUNDED);
    } catch (RuntimeException | AssertionError e) {
      servers.forEach(it -> System.out.println(it.tail()));
      close();
      throw e;
    }
  }

  /** Of no process when there is none yet. */
  private long pid(int node) {
    return node < servers.size() ? servers.get(node).process().pid() : -1;
  }

  /** Where a node listens: all of 127.0.0.0/8 is this machine, where it is Linux. */
  private static String itself(int node) {
    return "127.0.1." + (node + 1);
  }

  /** Where the others find it. */
  private static String known(int node) {
    return "127.0.2." + (node + 1);
  }

  private void launch(Setup setup, int node, Path home, List<Integer> ports) {
    String host = setup.nodes() > 1 ? itself(node) : "127.0.0.1";
    Map<String, String> at = new HashMap<>();
    at.put("ingress", "http://" + host + ":" + Ports.free());
    at.put("admin", "http://" + host + ":" + Ports.free());
    at.put("grpc", host + ":" + Ports.free());
    at.put("node", "http://" + host + ":" + ports.get(node));
    ingresses.add(new IngressClient(URI.create(at.get("ingress"))));
    admins.add(new AdminClient(URI.create(at.get("admin")), at.get("grpc")));
    doors.add(new ClusterDoor(at.get("grpc")));
    List<String> flags = new ArrayList<>(setup.flags());
    if (setup.nodes() > 1) {
      flags.addAll(clusterFlags(node, ports));
      for (int port = ports.get(node); port < ports.get(node) + PORTS_PER_NODE; port++) {
        InetSocketAddress itself = ProxyLinks.at(host, port);
        proxies.add(node, ProxyLinks.at(known(node), port), () -> itself);
      }
    }
    servers.add(
        ServerProcess.launched(
            new ServerProcess.Setup(
                directory(home, "data"),
                directory(home, "tmp"),
                shims.get(node).environment(),
                flags,
                setup.before(),
                host,
                at)));
  }

  private static List<String> clusterFlags(int node, List<Integer> ports) {
    String peers =
        IntStream.range(0, ports.size())
            .mapToObj(it -> known(it) + ":" + ports.get(it))
            .collect(Collectors.joining(","));
    return List.of(
        "--cluster-name",
        "storm",
        "--node-name",
        "n" + (node + 1),
        "--peers",
        peers,
        "--advertised-host",
        known(node),
        "--auto-provision");
  }

  private static Path directory(Path parent, String name) {
    try {
      return Files.createDirectories(parent.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException("Expected to make " + name + " in " + parent, e);
    }
  }

  @Override
  public int size() {
    return servers.size();
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
    return uri;
  }

  @Override
  public boolean isUp(int node) {
    return servers.get(node).isAlive();
  }

  @Override
  public void kill(int node) {
    servers.get(node).kill();
  }

  @Override
  public void stop(int node) {
    servers.get(node).stop();
  }

  @Override
  public void start(int node) {
    if (!isUp(node)) {
      servers.get(node).relaunch();
    }
  }

  @Override
  public void awaitServing(int node) {
    servers.get(node).awaitReady();
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
      servers.get(node).pause(true);
    }
  }

  @Override
  public void resume(int node) {
    if (isUp(node)) {
      servers.get(node).pause(false);
    }
  }

  @Override
  public void wipe(int node) {
    expectDead(node);
    Rot.wipe(servers.get(node).directory());
  }

  @Override
  public String rot(int node, SplittableRandom random) {
    expectDead(node);
    return Rot.flip(servers.get(node).directory(), random);
  }

  @Override
  public Links links() {
    return size() > 1 && ProxyLinks.possible() ? proxies : Links.NONE;
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
    return servers.stream().map(ServerProcess::tail).collect(Collectors.joining("\n"));
  }

  @Override
  public String tail(int node) {
    return servers.get(node).tail();
  }

  @Override
  public void close() {
    doors.forEach(ClusterDoor::close);
    servers.forEach(ServerProcess::close);
    proxies.close();
  }
}
