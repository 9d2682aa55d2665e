package dev.reprise.cluster.log.ratis.transport;

import java.io.IOException;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.apache.ratis.proto.RaftProtos.RequestVoteReplyProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteRequestProto;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does for a server what Ratis does not do by itself when such a request comes by. Any thread. */
record ServerWatcher(Supplier<RaftServer> server, Executor background) implements Doorman.Watcher {
  private static final Logger LOG = LoggerFactory.getLogger(ServerWatcher.class);

  @Override
  public void membersChange(RaftGroupId group) {
    try {
      Listeners.prepare(server.get().getDivision(group));
    } catch (IOException cause) {
      LOG.debug("Group {} is not there any more", group, cause);
    }
  }

  @Override
  public @Nullable RequestVoteReplyProto vote(RequestVoteRequestProto request) {
    RaftGroupId group = RaftGroupId.valueOf(request.getServerRequest().getRaftGroupId().getId());
    try {
      RequestVoteReplyProto vote = ListenersVote.vote(server.get().getDivision(group), request);
      if (vote != null) {
        LOG.info("{}: votes for the only voter that was, {}", group, nameOf(request));
      }
      return vote;
    } catch (IOException cause) {
      LOG.debug("Group {} is not there any more", group, cause);
      return null;
    }
  }

  private static String nameOf(RequestVoteRequestProto request) {
    return request.getServerRequest().getRequestorId().toStringUtf8();
  }

  @Override
  public void appenderLeft(RaftGroupId group, RaftPeerId peer) {
    new LeaderDeath(server.get(), background).suspect(group, peer);
  }
}
