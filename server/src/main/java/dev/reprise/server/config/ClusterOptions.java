package dev.reprise.server.config;

import java.nio.file.Path;
import java.util.List;

/** Options of how a node finds others, and is found. */
public final class ClusterOptions {
  /** Of which 0 is the one beside the node port. */
  private static final OptionType<Integer> PORT = OptionType.number(0, 65_535);

  public static final Option<List<String>> PEERS =
      Option.of(
              "peers",
              "peers",
              OptionType.LIST,
              "[]",
              "node ports of the cluster's nodes, the same list on each, or dns:NAME[:PORT] for all"
                  + " addresses of a name; none for a node that is alone")
          .also("metadata-client.addresses");
  public static final Option<Boolean> AUTO_PROVISION =
      Option.of(
          "auto-provision",
          "auto-provision",
          OptionType.SWITCH,
          "false",
          "found a cluster when there is none: the first of the list does, or the node whose name"
              + " ends in -0; without it, restatectl provision does");
  public static final Option<Integer> EXPECT_NODES =
      Option.of(
          "expect-nodes",
          "expect-nodes",
          OptionType.number(0, 1_000),
          "0",
          "with auto-provision: found one only when most of so many nodes, this one among them,"
              + " say that there is none; for names of which fewer addresses may be known for a"
              + " while; 0 for as many as are known");
  public static final Option<String> ZONE =
      Option.of("zone", "zone", OptionType.TEXT, "", "where this node fails together with others")
          .also("location");
  public static final Option<String> ADVERTISED_HOST =
      Option.of(
              "advertised-host",
              "advertised-host",
              OptionType.HOST,
              "",
              "what the other nodes call this one's host by; it must stay the same; without it the"
                  + " host that peers has for the node port, or this host's name")
          .also("advertised-address");
  public static final Option<Integer> RAFT_PORT =
      Option.of(
          "raft-port", "raft-port", PORT, "0", "between nodes: the log; 0 for the node port + 1");
  public static final Option<Integer> INTERNODE_PORT =
      Option.of(
          "internode-port",
          "internode-port",
          PORT,
          "0",
          "between nodes: gRPC; 0 for the node port + 2");
  public static final Option<Integer> REPLICATION =
      Option.of(
              "default-replication",
              "default-replication",
              OptionType.number(0, 7),
              "0",
              "copies of each partition of a new cluster; 0 for as many as there are nodes, up to 3")
          .also("bifrost.replicated-loglet.default-log-replication");

  public static final Option<Path> CERTIFICATE =
      Option.of(
          "cluster-certificate-pem-file",
          "cluster-certificate-pem-file",
          OptionType.PATH,
          null,
          "between nodes, with the next two: speak TLS, and show this certificate, which is for the"
              + " advertised host; a changed file is read again");
  public static final Option<Path> PRIVATE_KEY =
      Option.of(
          "cluster-private-key-pem-file",
          "cluster-private-key-pem-file",
          OptionType.PATH,
          null,
          "its private key, as PKCS 8, of EC or RSA");
  public static final Option<Path> TRUST =
      Option.of(
          "cluster-trust-pem-file",
          "cluster-trust-pem-file",
          OptionType.PATH,
          null,
          "believe nodes whose certificates these sign");

  static final Catalogue.Section ALL =
      new Catalogue.Section(
          "The cluster",
          List.of(
              PEERS,
              AUTO_PROVISION,
              EXPECT_NODES,
              ZONE,
              ADVERTISED_HOST,
              RAFT_PORT,
              INTERNODE_PORT,
              REPLICATION,
              CERTIFICATE,
              PRIVATE_KEY,
              TRUST));

  private ClusterOptions() {}
}
