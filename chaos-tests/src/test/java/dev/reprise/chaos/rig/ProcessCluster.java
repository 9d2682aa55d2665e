package dev.reprise.chaos.rig;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A cluster of processes on this machine, each with its own directory and ports. */
public final class ProcessCluster implements Cluster {
  private static final int PORTS_PER_NODE = 3;

  private final List<ServerProcess> servers = new ArrayList<>();
  private final List<Shim> shims = new ArrayList<>();
  private final List<IngressClient> ingresses = new ArrayList<>();
  private final List<AdminClient> admins = new ArrayList<>();

  /**
   * What a cluster is made of.
   *
   * @param directory below which each node has its own
   * @param flags of each server
   * @param before stands before the servers' class path; empty for nothing
   * @param shims whether disks and clocks are to be touched
   */
  public record Setup(
      int nodes, Path directory, List<String> flags, String before, boolean shims) {
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
    } catch (RuntimeException | AssertionError e) {
      servers.forEach(it -> System.out.println(it.tail()));
      close();
      throw e;
    }
  }

  private void launch(Setup setup, int node, Path home, List<Integer> ports) {
    Map<String, String> at = new HashMap<>();
    at.put("ingress", "http://127.0.0.1:" + Ports.free());
    at.put("admin", "http://127.0.0.1:" + Ports.free());
    at.put("grpc", "127.0.0.1:" + Ports.free());
    at.put("node", "http://127.0.0.1:" + ports.get(node));
    ingresses.add(new IngressClient(URI.create(at.get("ingress"))));
    admins.add(new AdminClient(URI.create(at.get("admin")), at.get("grpc")));
    List<String> flags = new ArrayList<>(setup.flags());
    if (setup.nodes() > 1) {
      flags.addAll(List.of("--cluster-name", "storm", "--node-name", "n" + (node + 1)));
      flags.add("--peers");
      flags.add(ports.stream().map(it -> "127.0.0.1:" + it).collect(Collectors.joining(",")));
      flags.add("--auto-provision");
    }
    servers.add(
        ServerProcess.launched(
            new ServerProcess.Setup(
                directory(home, "data"),
                directory(home, "tmp"),
                shims.get(node).environment(),
                flags,
                setup.before(),
                at)));
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
    if (isUp(node)) {
      throw new IllegalStateException("Expected node " + node + " to be dead");
    }
    try (var files = Files.walk(servers.get(node).directory())) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Expected to wipe node " + node, e);
    }
  }

  @Override
  public Links links() {
    return Links.NONE;
  }

  @Override
  public Shim shim(int node) {
    return shims.get(node);
  }

  @Override
  public int leader(Duration deadline) {
    return size() == 1 ? 0 : -1;
  }

  @Override
  public String tail() {
    return servers.stream().map(ServerProcess::tail).collect(Collectors.joining("\n"));
  }

  @Override
  public void close() {
    servers.forEach(ServerProcess::close);
  }
}
