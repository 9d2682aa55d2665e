package dev.reprise.cluster.forwarding;

import dev.reprise.cluster.membership.NodeId;
import dev.reprise.cluster.partition.Loop;
import dev.reprise.cluster.partition.Question;
import dev.reprise.cluster.partition.Reply;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** How this node asks others. */
@FunctionalInterface
public interface OtherNodes {
  /** A node that knows no other. */
  OtherNodes NONE =
      (node, partition, question, heard) -> {
        heard.hear(new Reply.NotDone("this node knows no other"), null);
        return () -> {};
      };

  /**
   * Asks a node about a partition. On the partition's loop; never blocks.
   *
   * <p>The reply comes exactly once, on any thread, perhaps before this returns; a node that is not
   * heard of any more is given up within seconds. It is {@link Reply.NotDone} only if that node
   * said so or the question never left.
   *
   * @return takes the waiting back, on the partition's loop; there may be a reply nevertheless
   */
  Loop.Cancellable ask(NodeId node, int partition, Question question, Heard heard);

  /** Hears a reply. */
  @FunctionalInterface
  interface Heard {
    /**
     * A reply.
     *
     * @param leader whom the other node believes to lead, if it does not itself; null if nobody
     */
    void hear(Reply reply, @Nullable NodeId leader);

    /** For whoever has no idea who leads. */
    default Consumer<Reply> plain() {
      return reply -> hear(reply, null);
    }
  }
}
