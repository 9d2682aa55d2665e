package dev.reprise.server.internode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.api.internode.v1.InternodeGrpc;
import dev.reprise.api.internode.v1.Questions;
import dev.reprise.api.internode.v1.Replies;
import dev.reprise.cluster.membership.Address;
import dev.reprise.cluster.membership.ClusterView;
import dev.reprise.cluster.membership.Member;
import dev.reprise.cluster.membership.Membership;
import dev.reprise.cluster.membership.NodeId;
import dev.reprise.cluster.partition.Question;
import dev.reprise.cluster.partition.Reply;
import dev.reprise.server.grpc.NodeTls;
import dev.reprise.server.net.EventLoops;
import dev.reprise.storage.model.InvocationId;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a question comes to when the other node is not there, is another, or falls silent. */
@Timeout(120)
final class BrokenWaysTest {
  private static final NodeId OTHER = new NodeId(2);
  private static final Question QUESTION = new Question.Find(new InvocationId(1, 2, 3));
  private static final InternodeLimits IMPATIENT =
      new InternodeLimits(
          3, 1_000_000, Duration.ofMillis(50), Duration.ofSeconds(1), Duration.ofMillis(10));

  private final EventLoops loops = EventLoops.open(1);
  private final AtomicInteger arrived = new AtomicInteger();
  private @Nullable Server server;
  private @Nullable InternodeClient client;

  @AfterEach
  void close() {
    if (client != null) {
      client.close();
    }
    if (server != null) {
      server.shutdownNow();
    }
    loops.close();
  }

  /** A node that knows one other, at this port. */
  private void knowing(int port) {
    Address address = new Address("127.0.0.1", port);
    Member other =
        new Member(
            OTHER,
            1,
            "n2",
            "",
            Member.Standing.ACTIVE,
            new Member.Addresses(address, address, address));
    ClusterView view = new ClusterView(1, "c", "f1", 3, 0, List.of(other), List.of());
    client =
        new InternodeClient(
            new Membership() {
              @Override
              public NodeId self() {
                return new NodeId(1);
              }

              @Override
              public ClusterView view() {
                return view;
              }

              @Override
              public NodeId leaderHint(int partition) {
                return OTHER;
              }

              @Override
              public Subscription onChange(Runnable changed) {
                return () -> {};
              }
            },
            loops::loop,
            IMPATIENT,
            NodeTls.NONE);
  }

  private void listening(InternodeGrpc.InternodeImplBase service) throws IOException {
    Server listening =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .addService(service)
            .build()
            .start();
    server = listening;
    knowing(listening.getPort());
  }

  /**
   * Says hello, counts questions, and does no more.
   *
   * @param thenBreaks with the first question
   */
  private InternodeGrpc.InternodeImplBase silent(boolean thenBreaks) {
    return new InternodeGrpc.InternodeImplBase() {
      @Override
      public StreamObserver<Questions> ask(StreamObserver<Replies> out) {
        out.onNext(Replies.getDefaultInstance());
        return new StreamObserver<>() {
          @Override
          public void onNext(Questions message) {
            arrived.addAndGet(message.getQuestionsCount());
            if (thenBreaks && message.getQuestionsCount() > 0) {
              out.onError(Status.INTERNAL.asRuntimeException());
            }
          }

          @Override
          public void onError(Throwable cause) {}

          @Override
          public void onCompleted() {}
        };
      }
    };
  }

  private CompletableFuture<Reply> ask(NodeId node) {
    CompletableFuture<Reply> reply = new CompletableFuture<>();
    InternodeClient asking = Objects.requireNonNull(client);
    loops
        .loop(0)
        .execute(() -> asking.ask(node, 0, QUESTION, (given, leader) -> reply.complete(given)));
    return reply.orTimeout(60, TimeUnit.SECONDS);
  }

  @Test
  void whereNobodyListensNothingWasDone() throws Exception {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      knowing(free.getLocalPort());
    }

    assertThat(ask(OTHER).join()).isInstanceOf(Reply.NotDone.class);
  }

  @Test
  void aNodeThatIsNoMemberIsNotAsked() {
    knowing(1);

    assertThat(ask(new NodeId(7)).join()).isInstanceOf(Reply.NotDone.class);
  }

  @Test
  void whereConnectionsAreTakenButNothingIsSaidNothingWasDone() throws Exception {
    try (ServerSocket deaf = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      knowing(deaf.getLocalPort());

      assertThat(ask(OTHER).join()).isInstanceOf(Reply.NotDone.class);
    }
  }

  @Test
  void whenANodeFallsSilentWhatItHasIsOfUnknownFateWithinSeconds() throws Exception {
    listening(silent(false));

    assertThat(ask(OTHER).join()).isInstanceOf(Reply.Unknown.class);
    assertThat(arrived).hasValue(1);
  }

  @Test
  void whenAStreamBreaksWhatWasSentIsOfUnknownFate() throws Exception {
    listening(silent(true));

    assertThat(ask(OTHER).join()).isInstanceOf(Reply.Unknown.class);
  }

  @Test
  void moreQuestionsThanMayWaitAreNotAsked() throws Exception {
    listening(silent(false));

    List<CompletableFuture<Reply>> first = List.of(ask(OTHER), ask(OTHER), ask(OTHER));
    Reply refused = ask(OTHER).join();

    assertThat(refused).isInstanceOf(Reply.NotDone.class);
    assertThat(((Reply.NotDone) refused).reason()).contains("too much");
    assertThat(first).allSatisfy(it -> assertThat(it.join()).isInstanceOf(Reply.Unknown.class));
  }
}
