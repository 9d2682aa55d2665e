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
 * two get a third each, and so on; the same holds for those that are ready. Confined to the
 * partition's loop.
 */
final class Activations {
  private final int places;
  private final int queued;
  private final ReadyQueue ready;
  private final Map<InvocationId, Activation> byId = new HashMap<>();
  private final Map<String, Share> shares = new HashMap<>();

  /** Services that were told that there is no room for them. */
  private final Set<String> refused = new HashSet<>();

  private boolean refusedAll;

  Activations(InvokerOptions options, ReadyQueue ready) {
    this.ready = ready;
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
    shares.computeIfAbsent(activation.service(), unused -> new Share()).taken++;
  }

  /** Forgets this one, if it is here. */
  void remove(Activation activation) {
    if (byId.remove(activation.id(), activation)) {
      Share share = shares.get(activation.service());
      if (share != null && --share.taken == 0) {
        shares.remove(activation.service());
      }
    }
  }

  void abandonAll() {
    byId.values().forEach(Activation::abandon);
    byId.clear();
    shares.clear();
  }

  /** Whether there is room for one more of the service. */
  Room room(String service) {
    if (ready.size() >= queued || byId.size() >= places) {
      refusedAll = true;
      return Room.FULL;
    }
    if (taken(service) >= places - byId.size() || ready.size(service) >= queued - ready.size()) {
      refused.add(service);
      return Room.SHARE_TAKEN;
    }
    return Room.FREE;
  }

  /** Whether it is worth asking again for some that were refused; true once for each of them. */
  boolean hasRoomAgain() {
    if (!refusedAll && refused.isEmpty()) {
      return false;
    }
    // Not at the first free place: each time, the table is read on.
    boolean again = refusedAll && byId.size() <= most(places) && ready.size() <= most(queued);
    if (again) {
      refusedAll = false;
    }
    int share = most(places - byId.size());
    int readyShare = most(queued - ready.size());
    return refused.removeIf(it -> taken(it) <= share && ready.size(it) <= readyShare) || again;
  }

  private static int most(int number) {
    return (int) (number * 3L / 4);
  }

  private int taken(String service) {
    Share share = shares.get(service);
    return share == null ? 0 : share.taken;
  }
}
