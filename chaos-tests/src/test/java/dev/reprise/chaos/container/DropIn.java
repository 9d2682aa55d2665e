package dev.reprise.chaos.container;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the ecosystem's test suite tells containers, and nothing else. */
public final class DropIn {
  /** How it calls a cluster's nodes; all of them ask the first one. */
  static final List<String> NAMES = List.of("runtime", "runtime-1", "runtime-2");

  private DropIn() {}

  /** The variables of a node. */
  public static Map<String, String> variables(String name, int replication) {
    Map<String, String> told = new HashMap<>();
    told.put("RESTATE_ADMIN__BIND_ADDRESS", "0.0.0.0:9070");
    told.put("RESTATE_INGRESS__BIND_ADDRESS", "0.0.0.0:8080");
    told.put("RESTATE_BASE_DIR", "/state");
    told.put("RESTATE_CLUSTER_NAME", "dropped-in");
    told.put("RESTATE_AUTO_PROVISION", Boolean.toString(name.equals(NAMES.getFirst())));
    told.put("RESTATE_ADVERTISED_ADDRESS", "http://" + name + ":5122");
    told.put("RESTATE_METADATA_CLIENT__ADDRESSES", "[http://runtime:5122]");
    told.put("RESTATE_ROLES", "[worker,http-ingress,log-server,admin,metadata-server]");
    told.put("RESTATE_METADATA_SERVER__TYPE", "replicated");
    told.put("RESTATE_BIFROST__DEFAULT_PROVIDER", "replicated");
    told.put(
        "RESTATE_BIFROST__REPLICATED_LOGLET__DEFAULT_LOG_REPLICATION",
        Integer.toString(replication));
    told.put("RESTATE_NETWORKING__HTTP2_KEEP_ALIVE_INTERVAL", "4s");
    told.put("RESTATE_NETWORKING__HTTP2_KEEP_ALIVE_TIMEOUT", "20s");
    told.put("RESTATE_DEFAULT_NUM_PARTITIONS", "4");
    told.put("RUST_LOG", "warn");
    told.put("RUST_BACKTRACE", "full");
    told.put("DO_NOT_TRACK", "true");
    return Map.copyOf(told);
  }
}
