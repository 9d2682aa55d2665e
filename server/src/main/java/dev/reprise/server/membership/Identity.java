package dev.reprise.server.membership;

import dev.reprise.cluster.membership.Address;
import dev.reprise.cluster.membership.Member;
import dev.reprise.cluster.membership.NodeId;
import dev.reprise.cluster.membership.ReplicaId;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Who a node says it is.
 *
 * @param tls whether it speaks TLS to other nodes
 * @param known what it is in its cluster; null before it has founded or joined one
 */
public record Identity(
    String cluster, String name, Member.Addresses addresses, boolean tls, @Nullable Known known) {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  /** A member's id and generation, and its cluster's fingerprint. */
  public record Known(ReplicaId replica, String fingerprint) {}

  /** What is wrong with a node that speaks TLS where this one does not, or the other way round. */
  String unlike(Address at, Identity there) {
    return "Expected nodes that all speak TLS to each other, or none, but "
        + there.name()
        + " at "
        + at
        + (tls ? " speaks plainly, and this one TLS" : " speaks TLS, and this one plainly")
        + "; give each or none the three cluster-…-pem-file options";
  }

  /** As the node port gives it. */
  public byte[] toJson() {
    ObjectNode json = MAPPER.createObjectNode();
    json.put("cluster", cluster)
        .put("name", name)
        .put("tls", tls)
        .put("provisioned", known != null);
    if (known != null) {
      json.put("fingerprint", known.fingerprint());
      json.put("node", known.replica().node().toString());
      json.put("generation", known.replica().generation());
    }
    json.putObject("addresses")
        .put("node", addresses.node().toString())
        .put("raft", addresses.raft().toString())
        .put("internode", addresses.internode().toString());
    return MAPPER.writeValueAsBytes(json);
  }

  /**
   * Reads what another node says.
   *
   * @throws IllegalArgumentException if it is not an identity
   */
  static Identity parse(byte[] bytes) {
    try {
      JsonNode json = MAPPER.readTree(bytes);
      JsonNode at = json.path("addresses");
      return new Identity(
          json.path("cluster").asString(""),
          json.path("name").asString(""),
          new Member.Addresses(address(at, "node"), address(at, "raft"), address(at, "internode")),
          json.path("tls").asBoolean(false),
          json.path("provisioned").asBoolean(false) ? known(json) : null);
    } catch (JacksonException e) {
      throw new IllegalArgumentException("Expected the identity of a node in JSON", e);
    }
  }

  private static Known known(JsonNode json) {
    return new Known(
        new ReplicaId(
            NodeId.parse(json.path("node").asString("")), json.path("generation").asInt(0)),
        json.path("fingerprint").asString(""));
  }

  private static Address address(JsonNode at, String which) {
    return Address.parse(at.path(which).asString(""));
  }
}
