package dev.reprise.server.invoker;

import dev.reprise.cluster.partition.Invoker.Room;
import dev.reprise.storage.model.InvocationId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The invocations that an invoker has taken, and for which it has room. Those that back off hold a
 * place too, so a service may take no more than it leaves free: however many invocations wait for
 * an endpoint that is down, another service finds room. One service alone gets half of all places,
 * two get a third each, and so on. Confined to the partition's loop.
 */
final class Activations {
  private final int places;
  private final int queued;
  private final Map<InvocationId, Activation> byId = new HashMap<>();
  private final Map<String, Share> shares = new HashMap<>();

  /** Services that were told that there is no room for them. */
  private final Set<String> refused = new HashSet<>();

  private boolean refusedAll;

  Activations(InvokerOptions options) {
    this.places = options.activations();
    this.queued = options.queued();
  }

  /** How many of one service there are. */
  private static final class Share {
    int taken;
  }

  @Nullable Activation get(InvocationId id) {
    return byId.get(id);
  }

  /** Takes in one whose id is not here. */
  void add(Activation activation) {
    byId.put(activation.id(), activation);
    shares.computeIfAbsent(service(activation), unused -> new Share()).taken++;
  }

  /** Forgets this one, if it is here. */
  void remove(Activation activation) {
    if (byId.remove(activation.id(), activation)) {
      Share share = shares.get(service(activation));
      if (share != null && --share.taken == 0) {
        shares.remove(service(activation));
      }
    }
  }

  void abandonAll() {
    byId.values().forEach(Activation::abandon);
    byId.clear();
    shares.clear();
  }

  /**
   * Whether there is room for one more of the service.
   *
   * @param ready how many wait for a place among the running attempts
   */
  Room room(String service, int ready) {
    if (ready >= queued || byId.size() >= places) {
      refusedAll = true;
      return Room.FULL;
    }
    if (taken(service) >= places - byId.size()) {
      refused.add(service);
      return Room.SHARE_TAKEN;
    }
    return Room.FREE;
  }

  /** Whether it is worth asking again for some that were refused; true once for each of them. */
  boolean hasRoomAgain(int ready) {
    if ((!refusedAll && refused.isEmpty()) || ready > queued / 2) {
      return false;
    }
    boolean again = refusedAll && byId.size() <= places / 4 * 3;
    if (again) {
      refusedAll = false;
    }
    // Not at the first free place: each time, the table is read on.
    int enough = (places - byId.size()) / 4 * 3;
    return refused.removeIf(service -> taken(service) <= enough) || again;
  }

  private int taken(String service) {
    Share share = shares.get(service);
    return share == null ? 0 : share.taken;
  }

  private static String service(Activation activation) {
    return activation.invocation().target().service();
  }
}
