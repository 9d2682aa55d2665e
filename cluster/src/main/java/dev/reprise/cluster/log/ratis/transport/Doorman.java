package dev.reprise.cluster.log.ratis.transport;

import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.apache.ratis.grpc.server.GrpcServices;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotRequestProto;
import org.apache.ratis.proto.RaftProtos.RaftRpcRequestProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteReplyProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteRequestProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionRequestProto;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.thirdparty.io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import org.apache.ratis.thirdparty.io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import org.apache.ratis.thirdparty.io.grpc.Metadata;
import org.apache.ratis.thirdparty.io.grpc.ServerCall;
import org.apache.ratis.thirdparty.io.grpc.ServerCall.Listener;
import org.apache.ratis.thirdparty.io.grpc.ServerCallHandler;
import org.apache.ratis.thirdparty.io.grpc.ServerInterceptor;
import org.apache.ratis.thirdparty.io.grpc.Status;
import org.apache.ratis.thirdparty.io.grpc.netty.NettyServerBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Lets a peer's request through to Ratis only if it is meant for this very copy, and the copy is
 * open. Ratis itself looks at neither: a request that meets a group while it starts makes the start
 * fail, and what was meant for the copy on a lost disk would be answered, and counted, by the one
 * that takes its place. Any thread.
 */
public final class Doorman implements GrpcServices.Customizer, ServerInterceptor {
  /** Is told what comes by. */
  interface Watcher {
    /** A request is about to come through that changes who is a member. May block. */
    void membersChange(RaftGroupId group);

    /** The answer to a candidate that Ratis need not see; null when it is to answer itself. */
    @Nullable RequestVoteReplyProto vote(RequestVoteRequestProto request);

    /** A stream on which a peer appended to a log has ended or broken. Does not block. */
    void appenderLeft(RaftGroupId group, RaftPeerId peer);
  }

  private final ByteString self;
  private final Watcher watcher;
  private final Set<RaftGroupId> open = ConcurrentHashMap.newKeySet();

  /**
   * Lets nothing through yet.
   *
   * @param self this server's peer id
   * @param server asked for once something is let through
   * @param background may block
   */
  public static Doorman of(String self, Supplier<RaftServer> server, Executor background) {
    return new Doorman(self, new ServerWatcher(server, background));
  }

  Doorman(String self, Watcher watcher) {
    this.self = ByteString.copyFromUtf8(self);
    this.watcher = watcher;
  }

  /** From now on requests for the group come through. */
  public void open(RaftGroupId group) {
    open.add(group);
  }

  /** From now on they do not. */
  public void close(RaftGroupId group) {
    open.remove(group);
  }

  @Override
  public NettyServerBuilder customize(
      NettyServerBuilder builder, EnumSet<GrpcServices.Type> types) {
    return builder.intercept(this);
  }

  @Override
  public <R, A> Listener<R> interceptCall(
      ServerCall<R, A> call, Metadata headers, ServerCallHandler<R, A> next) {
    return new SimpleForwardingServerCallListener<R>(next.startCall(muted(call), headers)) {
      /** It was answered here, and Ratis does not know of it. */
      private boolean over;

      private @Nullable RaftRpcRequestProto appended;

      @Override
      public void onMessage(R message) {
        if (over) {
          return;
        }
        String why = refusal(message);
        Object answer = why == null ? answer(message) : null;
        if (answer != null) {
          over = true;
          @SuppressWarnings("unchecked") // This is what such a request is answered with.
          A reply = (A) answer;
          call.sendHeaders(new Metadata());
          call.sendMessage(reply);
          call.close(Status.OK, new Metadata());
        } else if (why != null) {
          over = true;
          call.close(Status.UNAVAILABLE.withDescription(why), new Metadata());
        } else {
          if (message instanceof AppendEntriesRequestProto append) {
            tell(append);
          }
          super.onMessage(message);
        }
      }

      private void tell(AppendEntriesRequestProto append) {
        appended = append.getServerRequest();
        if (Listeners.concerns(append)) {
          watcher.membersChange(groupOf(appended));
        }
      }

      @Override
      public void onCancel() {
        super.onCancel();
        ended();
      }

      @Override
      public void onHalfClose() {
        if (!over) {
          super.onHalfClose();
        }
        ended();
      }

      private void ended() {
        RaftRpcRequestProto last = appended;
        appended = null; // A stream that ended may be cancelled, too.
        if (last != null && open.contains(groupOf(last))) {
          watcher.appenderLeft(groupOf(last), RaftPeerId.valueOf(last.getRequestorId()));
        }
      }
    };
  }

  /**
   * Nothing is answered on behalf of a copy that is being closed: its log may drop what it has not
   * forced yet, and a leader would count it for the majority.
   */
  private <R, A> ServerCall<R, A> muted(ServerCall<R, A> call) {
    return new SimpleForwardingServerCall<>(call) {
      @Override
      public void sendMessage(A message) {
        if (!(message instanceof AppendEntriesReplyProto reply)
            || open.contains(
                RaftGroupId.valueOf(reply.getServerReply().getRaftGroupId().getId()))) {
          super.sendMessage(message);
        }
      }
    };
  }

  private @Nullable Object answer(Object message) {
    return message instanceof RequestVoteRequestProto vote ? watcher.vote(vote) : null;
  }

  private @Nullable String refusal(Object message) {
    RaftRpcRequestProto request =
        switch (message) {
          case AppendEntriesRequestProto append -> append.getServerRequest();
          case RequestVoteRequestProto vote -> vote.getServerRequest();
          case InstallSnapshotRequestProto install -> install.getServerRequest();
          case StartLeaderElectionRequestProto start -> start.getServerRequest();
          default -> null;
        };
    if (request == null) {
      return null;
    }
    if (!request.getReplyId().equals(self)) {
      return "Expected a request for "
          + self.toStringUtf8()
          + ", but it is for "
          + request.getReplyId().toStringUtf8();
    }
    return open.contains(groupOf(request)) ? null : "Expected a group that is open here";
  }

  private static RaftGroupId groupOf(RaftRpcRequestProto request) {
    return RaftGroupId.valueOf(request.getRaftGroupId().getId());
  }
}
