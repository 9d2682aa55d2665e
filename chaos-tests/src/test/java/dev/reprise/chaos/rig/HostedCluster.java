package dev.reprise.chaos.rig;

import dev.reprise.chaos.link.Links;
import dev.reprise.chaos.link.ProxyLinks;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/**
 * A cluster on this machine, whatever its nodes run in. Between them there are proxies; the disk of
 * each is a directory here. Who makes one adds its nodes, one after the other.
 */
public abstract class HostedCluster implements Cluster {
  private final Duration founded;
  private final ProxyLinks proxies;
  private final List<Node> nodes = new ArrayList<>();
  private final List<Shim> shims = new ArrayList<>();
  private final List<IngressClient> ingresses = new ArrayList<>();
  private final List<AdminClient> admins = new ArrayList<>();
  private final List<ClusterDoor> doors = new ArrayList<>();
  private final ClusterWatch watch = new ClusterWatch(doors, this::isUp);

  /** What a node runs in. Used by one thread. */
  public interface Node {
    /** Whether it is there; it may be paused. */
    boolean isUp();

    /** {@code kill -9}; returns when it is gone. */
    void kill();

    /** Lets it end in order; returns when it has. */
    void stop();

    /** Starts it where it was; does not wait until it serves. */
    void start();

    void awaitServing();

    /** Holds it in the midst of whatever it does, or lets it go on. */
    void pause(boolean held);

    /** All that it has kept. */
    Path data();

    /** What it said last. */
    String tail();

    /** Ends it for good. */
    void close();
  }

  /**
   * An empty one.
   *
   * @param founded how long it may take until all copies of everything are open
   */
  protected HostedCluster(Duration founded, ProxyLinks proxies) {
    this.founded = founded;
    this.proxies = proxies;
  }

  /** The disk and the clock of the next node. */
  protected final void add(Shim shim) {
    shims.add(shim);
  }

  /** Where the next node is asked, on this machine. */
  protected final void add(IngressClient ingress, AdminClient admin, String grpc) {
    ingresses.add(ingress);
    admins.add(admin);
    doors.add(new ClusterDoor(grpc));
  }

  /** A node that was started. */
  protected final void add(Node node) {
    nodes.add(node);
  }

  /** Waits until all nodes serve. What they said is printed if they do not; then it is closed. */
  protected final void awaitFounded(Runnable started) {
    try {
      started.run();
      nodes.forEach(Node::awaitServing);
      awaitWhole(founded);
    } catch (RuntimeException | AssertionError e) {
      System.out.println(tail());
      close();
      throw e;
    }
  }

  protected final ProxyLinks proxies() {
    return proxies;
  }

  @Override
  public final int size() {
    return nodes.size();
  }

  @Override
  public final IngressClient ingress(int node) {
    return ingresses.get(node);
  }

  @Override
  public final AdminClient admin(int node) {
    return admins.get(node);
  }

  @Override
  public final ClusterDoor grpc(int node) {
    return doors.get(node);
  }

  @Override
  public final boolean isUp(int node) {
    return nodes.get(node).isUp();
  }

  @Override
  public final void kill(int node) {
    if (isUp(node)) {
      nodes.get(node).kill();
    }
  }

  @Override
  public final void stop(int node) {
    if (isUp(node)) {
      nodes.get(node).stop();
    }
  }

  @Override
  public final void start(int node) {
    if (!isUp(node)) {
      nodes.get(node).start();
    }
  }

  @Override
  public final void awaitServing(int node) {
    nodes.get(node).awaitServing();
  }

  @Override
  public final void awaitWhole(Duration deadline) {
    watch.awaitWhole(deadline);
  }

  @Override
  public final List<String> differences() {
    return watch.differences(founded);
  }

  @Override
  public final void pause(int node) {
    if (isUp(node)) {
      nodes.get(node).pause(true);
    }
  }

  @Override
  public final void resume(int node) {
    if (isUp(node)) {
      nodes.get(node).pause(false);
    }
  }

  @Override
  public final void wipe(int node) {
    expectDead(node);
    Rot.wipe(nodes.get(node).data());
  }

  @Override
  public final String rot(int node, SplittableRandom random) {
    expectDead(node);
    return Rot.flip(nodes.get(node).data(), random);
  }

  @Override
  public Links links() {
    return size() > 1 ? proxies : Links.NONE;
  }

  @Override
  public final Shim shim(int node) {
    return shims.get(node);
  }

  @Override
  public final int leader(Duration deadline) {
    return watch.leader(deadline);
  }

  @Override
  public final String tail() {
    return nodes.stream().map(Node::tail).collect(Collectors.joining("\n"));
  }

  @Override
  public final String tail(int node) {
    return nodes.get(node).tail();
  }

  @Override
  public void close() {
    doors.forEach(ClusterDoor::close);
    nodes.forEach(Node::close);
    proxies.close();
  }
}
