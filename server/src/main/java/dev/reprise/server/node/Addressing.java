package dev.reprise.server.node;

import dev.reprise.cluster.membership.Address;
import dev.reprise.cluster.membership.Member;
import dev.reprise.server.membership.Peers;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Where a node is reached by others, from what it was told. */
final class Addressing {
  private static final int HIGHEST_PORT = 65_535;

  private Addressing() {}

  /**
   * The peers that were configured.
   *
   * @throws NodeException if one cannot be read
   */
  static Peers peers(NodeConfig config) {
    try {
      return Peers.of(config.cluster().peers(), Math.max(1, config.ports().node()));
    } catch (IllegalArgumentException e) {
      throw new NodeException("--peers: " + e.getMessage(), e);
    }
  }

  /**
   * The node's own addresses. One that is alone and has any port gets some that nobody asks for.
   *
   * @throws NodeException if it has peers, and no port that they could know
   */
  static Member.Addresses of(NodeConfig config) {
    int node = config.ports().node();
    boolean alone = config.cluster().peers().isEmpty();
    if (node == 0 && !alone) {
      throw new NodeException(
          "Expected a fixed --node-port for a node with --peers, but got 0, which picks any");
    }
    int base = node == 0 ? 1 : node;
    String host = host(config, node);
    return new Member.Addresses(
        new Address(host, base),
        new Address(host, port(config.cluster().raftPort(), base + 1, "--raft-port")),
        new Address(host, port(config.cluster().internodePort(), base + 2, "--internode-port")));
  }

  private static int port(int given, int otherwise, String flag) {
    int port = given == 0 ? otherwise : given;
    if (port < 1 || port > HIGHEST_PORT) {
      throw new NodeException("Expected a port from 1 to 65535 for " + flag + ", but got " + port);
    }
    return port;
  }

  /** As told; or as the list has it, where one entry alone has this node's port. */
  private static String host(NodeConfig config, int nodePort) {
    if (!config.cluster().advertisedHost().isEmpty()) {
      return config.cluster().advertisedHost();
    }
    List<Address> sameport =
        config.cluster().peers().stream()
            .filter(it -> !it.startsWith("dns:"))
            .map(Address::parse)
            .filter(it -> it.port() == nodePort)
            .toList();
    if (sameport.size() == 1) {
      return sameport.getFirst().host();
    }
    String bound = config.bindHost();
    if (!bound.equals("0.0.0.0") && !bound.equals("::")) {
      return bound;
    }
    if (config.cluster().peers().isEmpty()) {
      return "127.0.0.1";
    }
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      throw new NodeException(
          "Expected a name of this host, but it has none; give --advertised-host", e);
    }
  }
}
