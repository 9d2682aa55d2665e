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
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A cluster of processes on this machine, each with its own directory, address and ports. Where
 * there are several nodes, they find each other at addresses behind which there are proxies.
 */
public final class ProcessCluster extends HostedCluster {
  private static final int PORTS_PER_NODE = 3;

  private final List<ServerProcess> servers;

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
    this(setup, new ArrayList<>());
  }

  private ProcessCluster(Setup setup, List<ServerProcess> servers) {
    super(
        Duration.ofMinutes(3),
        new ProxyLinks(
            setup.nodes(), ProxyLinks.processes(setup.nodes(), node -> pid(servers, node))));
    this.servers = servers;
    awaitFounded(() -> launch(setup));
  }

  private void launch(Setup setup) {
    Path library = setup.shims() ? Shim.build(setup.directory()) : null;
    List<Integer> ports =
        IntStream.range(0, setup.nodes()).mapToObj(it -> Ports.run(PORTS_PER_NODE)).toList();
    for (int node = 0; node < setup.nodes(); node++) {
      Path home = directory(setup.directory(), "n" + (node + 1));
      launch(setup, node, home, new Shim(library, home), ports);
    }
  }

  /** Of no process when there is none yet. */
  private static long pid(List<ServerProcess> servers, int node) {
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

  private void launch(Setup setup, int node, Path home, Shim shim, List<Integer> ports) {
    String host = setup.nodes() > 1 ? itself(node) : "127.0.0.1";
    Map<String, String> at = new HashMap<>();
    at.put("ingress", "http://" + host + ":" + Ports.free());
    at.put("admin", "http://" + host + ":" + Ports.free());
    at.put("grpc", host + ":" + Ports.free());
    at.put("node", "http://" + host + ":" + ports.get(node));
    add(shim);
    add(
        new IngressClient(URI.create(at.get("ingress"))),
        new AdminClient(URI.create(at.get("admin")), at.get("grpc")),
        at.get("grpc"));
    List<String> flags = new ArrayList<>(setup.flags());
    if (setup.nodes() > 1) {
      flags.addAll(clusterFlags(node, ports));
      for (int port = ports.get(node); port < ports.get(node) + PORTS_PER_NODE; port++) {
        InetSocketAddress itself = ProxyLinks.at(host, port);
        proxies().add(node, ProxyLinks.at(known(node), port), () -> itself);
      }
    }
    ServerProcess server =
        ServerProcess.launched(
            new ServerProcess.Setup(
                directory(home, "data"),
                directory(home, "tmp"),
                shim.environment(),
                flags,
                setup.before(),
                host,
                at));
    servers.add(server);
    add(new InProcess(server));
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
  public URI fromWithin(URI uri) {
    return uri;
  }

  @Override
  public Links links() {
    return ProxyLinks.possible() ? super.links() : Links.NONE;
  }

  private record InProcess(ServerProcess server) implements Node {
    @Override
    public boolean isUp() {
      return server.isAlive();
    }

    @Override
    public void kill() {
      server.kill();
    }

    @Override
    public void stop() {
      server.stop();
    }

    @Override
    public void start() {
      server.relaunch();
    }

    @Override
    public void awaitServing() {
      server.awaitReady();
    }

    @Override
    public void pause(boolean held) {
      server.pause(held);
    }

    @Override
    public Path data() {
      return server.directory();
    }

    @Override
    public String tail() {
      return server.tail();
    }

    @Override
    public void close() {
      server.close();
    }
  }
}
