package dev.reprise.server.membership;

import dev.reprise.cluster.membership.Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where other nodes may be found: node ports, given one by one, or as a name that has the addresses
 * of all. A node of its own needs none.
 */
public final class Peers {
  private static final Logger LOG = LoggerFactory.getLogger(Peers.class);
  private static final String DNS = "dns:";

  private final List<String> entries;
  private final int nodePort;

  private Peers(List<String> entries, int nodePort) {
    this.entries = List.copyOf(entries);
    this.nodePort = nodePort;
  }

  /**
   * Checks what was configured.
   *
   * @param nodePort this node's own, which a {@code dns:NAME} without a port takes over
   * @throws IllegalArgumentException if an entry is neither an address nor {@code dns:NAME[:PORT]}
   */
  public static Peers of(List<String> entries, int nodePort) {
    for (String entry : entries) {
      if (!entry.startsWith(DNS)) {
        Address.parse(entry);
      } else if (entry.length() == DNS.length()) {
        throw new IllegalArgumentException("Expected a name after dns:, but got none");
      } else {
        Peers.named(entry, nodePort);
      }
    }
    return new Peers(entries, nodePort);
  }

  /** Whether there are none, and never will be. */
  public boolean areNone() {
    return entries.isEmpty();
  }

  /** Whether they are looked up by name, so that the list has no order of its own. */
  public boolean areNamed() {
    return entries.stream().anyMatch(it -> it.startsWith(DNS));
  }

  /** Where they are now; names are looked up again. Blocks. */
  public List<Address> resolve() {
    List<Address> all = new ArrayList<>();
    for (String entry : entries) {
      if (entry.startsWith(DNS)) {
        all.addAll(lookUp(named(entry, nodePort)));
      } else {
        all.add(Address.parse(entry));
      }
    }
    return all.stream().distinct().toList();
  }

  private static Address named(String entry, int nodePort) {
    String rest = entry.substring(DNS.length());
    return rest.indexOf(':') >= 0 ? Address.parse(rest) : new Address(rest, nodePort);
  }

  private static List<Address> lookUp(Address name) {
    try {
      return Arrays.stream(InetAddress.getAllByName(name.host()))
          .map(it -> new Address(it.getHostAddress(), name.port()))
          .toList();
    } catch (UnknownHostException e) {
      LOG.debug("{} has no address yet", name.host());
      return List.of();
    }
  }

  @Override
  public String toString() {
    return String.join(",", entries);
  }
}
