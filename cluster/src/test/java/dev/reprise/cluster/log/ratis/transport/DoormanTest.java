package dev.reprise.cluster.log.ratis.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RaftConfigurationProto;
import org.apache.ratis.proto.RaftProtos.RaftGroupIdProto;
import org.apache.ratis.proto.RaftProtos.RaftRpcReplyProto;
import org.apache.ratis.proto.RaftProtos.RaftRpcRequestProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteReplyProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteRequestProto;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.thirdparty.io.grpc.Metadata;
import org.apache.ratis.thirdparty.io.grpc.MethodDescriptor;
import org.apache.ratis.thirdparty.io.grpc.ServerCall;
import org.apache.ratis.thirdparty.io.grpc.Status;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a copy says to its leader while it opens and closes. */
@Timeout(10)
class DoormanTest {
  private final RaftGroupId group = RaftGroupId.randomId();
  private final List<String> seen = new ArrayList<>();
  private final Doorman doorman = new Doorman("N1.1", new Seeing());
  private final Told told = new Told();
  private final List<ServerCall<AppendEntriesRequestProto, AppendEntriesReplyProto>> inside =
      new ArrayList<>();

  private ServerCall.Listener<AppendEntriesRequestProto> stream;

  @BeforeEach
  void aLeaderHasAStreamToAnOpenCopy() {
    doorman.open(group);
    stream =
        doorman.interceptCall(
            told,
            new Metadata(),
            (call, headers) -> {
              inside.add(call);
              return new ServerCall.Listener<>() {
                @Override
                public void onMessage(AppendEntriesRequestProto message) {
                  seen.add("it comes through");
                }
              };
            });
  }

  private void appends(LogEntryProto entry) {
    RaftGroupIdProto id = RaftGroupIdProto.newBuilder().setId(group.toByteString()).build();
    RaftRpcRequestProto request =
        RaftRpcRequestProto.newBuilder()
            .setRequestorId(ByteString.copyFromUtf8("N2.1"))
            .setReplyId(ByteString.copyFromUtf8("N1.1"))
            .setRaftGroupId(id)
            .build();
    stream.onMessage(
        AppendEntriesRequestProto.newBuilder()
            .setServerRequest(request)
            .addEntries(LogEntryProto.getDefaultInstance())
            .addEntries(entry)
            .build());
  }

  private static LogEntryProto members() {
    return LogEntryProto.newBuilder()
        .setConfigurationEntry(RaftConfigurationProto.getDefaultInstance())
        .build();
  }

  private void answers() {
    RaftGroupIdProto id = RaftGroupIdProto.newBuilder().setId(group.toByteString()).build();
    RaftRpcReplyProto reply = RaftRpcReplyProto.newBuilder().setRaftGroupId(id).build();
    inside
        .getFirst()
        .sendMessage(AppendEntriesReplyProto.newBuilder().setServerReply(reply).build());
  }

  @Test
  void anOpenCopyAnswersItsLeader() {
    answers();

    assertThat(told.messages).hasSize(1);
  }

  @Test
  void aCopyThatIsBeingClosedAcknowledgesNothing() {
    doorman.close(group);

    answers();

    assertThat(told.messages).isEmpty();
  }

  @Test
  void aChangeOfMembersIsToldBeforeItComesThrough() {
    appends(members());

    assertThat(seen).containsExactly("members change", "it comes through");
  }

  @Test
  void nothingIsToldOfOtherEntries() {
    appends(LogEntryProto.getDefaultInstance());

    assertThat(seen).containsExactly("it comes through");
  }

  @Test
  void theEndOfAStreamIsToldOnceAndWhoseItWas() {
    appends(LogEntryProto.getDefaultInstance());

    stream.onHalfClose();
    stream.onCancel();

    assertThat(seen).containsExactly("it comes through", "N2.1 has left");
  }

  @Test
  void nothingIsToldOfAStreamToACopyThatIsBeingClosed() {
    appends(LogEntryProto.getDefaultInstance());
    doorman.close(group);

    stream.onCancel();

    assertThat(seen).containsExactly("it comes through");
  }

  private final class Seeing implements Doorman.Watcher {
    @Override
    public void membersChange(RaftGroupId id) {
      seen.add("members change");
    }

    @Override
    public @Nullable RequestVoteReplyProto vote(RequestVoteRequestProto request) {
      return null;
    }

    @Override
    public void appenderLeft(RaftGroupId id, RaftPeerId peer) {
      seen.add(peer + " has left");
    }
  }

  /** The leader's end of the stream. */
  private static final class Told
      extends ServerCall<AppendEntriesRequestProto, AppendEntriesReplyProto> {
    final List<AppendEntriesReplyProto> messages = new ArrayList<>();

    @Override
    public void request(int number) {}

    @Override
    public void sendHeaders(Metadata headers) {}

    @Override
    public void sendMessage(AppendEntriesReplyProto message) {
      messages.add(message);
    }

    @Override
    public void close(Status status, Metadata trailers) {}

    @Override
    public boolean isCancelled() {
      return false;
    }

    @Override
    public MethodDescriptor<AppendEntriesRequestProto, AppendEntriesReplyProto>
        getMethodDescriptor() {
      return MethodDescriptor.<AppendEntriesRequestProto, AppendEntriesReplyProto>newBuilder()
          .setType(MethodDescriptor.MethodType.BIDI_STREAMING)
          .setFullMethodName("raft/append")
          .setRequestMarshaller(new Unread<>())
          .setResponseMarshaller(new Unread<>())
          .build();
    }
  }

  /** Nothing is written in these stories. */
  private static final class Unread<T> implements MethodDescriptor.Marshaller<T> {
    @Override
    public InputStream stream(T value) {
      throw new AssertionError("Expected nothing to be written, but got " + value);
    }

    @Override
    public T parse(InputStream stream) {
      throw new AssertionError("Expected nothing to be read");
    }
  }
}
