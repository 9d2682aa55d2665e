package dev.reprise.server.membership;

import dev.reprise.cluster.membership.ClusterView;
import dev.reprise.cluster.metadata.Registrar;

/** The metadata, as this node's copy has it. Any thread; nothing blocks. */
public interface Metadata extends Registrar {
  /** The newest description of the cluster that this node knows. */
  ClusterView cluster();

  /** Whether this node leads the metadata. */
  boolean leads();

  /** Puts an entry of another node into the log; false when this node does not lead it. */
  boolean append(byte[] entry);
}
