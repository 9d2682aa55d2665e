package dev.reprise.cluster.log.ratis;

import dev.reprise.cluster.log.ratis.transport.HeedingRpcType;
import dev.reprise.cluster.log.ratis.transport.LocalRpcType;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.RaftConfigKeys;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.util.SizeInBytes;
import org.apache.ratis.util.TimeDuration;

/** Our settings in Ratis's words, each with its reason. */
final class RatisProperties {
  /** Proposed and not yet applied, per log; several of the largest entries fit. */
  private static final SizeInBytes IN_FLIGHT = SizeInBytes.valueOf("256MB");

  private RatisProperties() {}

  static RaftProperties of(RatisSettings settings) {
    RaftProperties properties = new RaftProperties();
    transport(properties, settings);
    storage(properties, settings);
    log(properties, settings);
    purge(properties, settings.tuning());
    times(properties, settings);
    return properties;
  }

  /**
   * Points to where the groups live. Called once the server exists: it would otherwise start every
   * group that it finds on disk, and fail as a whole when one of them is damaged.
   */
  static void revealStorage(RaftProperties properties, Path directory) {
    RaftServerConfigKeys.setStorageDir(properties, List.of(directory.toFile()));
  }

  private static void transport(RaftProperties properties, RatisSettings settings) {
    if (settings.isAlone()) {
      properties.set(RaftConfigKeys.Rpc.TYPE_KEY, LocalRpcType.class.getName());
      return;
    }
    properties.set(RaftConfigKeys.Rpc.TYPE_KEY, HeedingRpcType.class.getName());
    GrpcConfigKeys.Server.setPort(properties, settings.self().port());
    // One connection to a follower: either all logs hear of it or none does (HeedingAppender).
    GrpcConfigKeys.Server.setHeartbeatChannel(properties, false);
    if (settings.bindHost() != null) {
      GrpcConfigKeys.Server.setHost(properties, settings.bindHost());
    }
  }

  private static void storage(RaftProperties properties, RatisSettings settings) {
    Path directory = settings.directory();
    RaftServerConfigKeys.setStorageDir(properties, List.of(directory.resolve("none").toFile()));
    RaftServerConfigKeys.setRemovedGroupsDir(properties, directory.resolve("removed").toFile());
  }

  private static void log(RaftProperties properties, RatisSettings settings) {
    // Otherwise every advance of the commit index is an entry of its own, with its own fsync.
    RaftServerConfigKeys.Log.setLogMetadataEnabled(properties, false);
    // Direct memory per group; the appender's limit is also the largest entry, and ours are
    // fragments of one mebibyte and a little.
    RaftServerConfigKeys.Log.setWriteBufferSize(properties, SizeInBytes.valueOf("4MB"));
    RaftServerConfigKeys.Log.Appender.setBufferByteLimit(properties, SizeInBytes.valueOf("2MB"));
    RaftServerConfigKeys.Log.setPreallocatedSize(properties, SizeInBytes.valueOf("1MB"));
    // Whole segments stay on the heap while cached.
    RaftServerConfigKeys.Log.setSegmentSizeMax(
        properties, SizeInBytes.valueOf(settings.tuning().segmentBytes()));
    RaftServerConfigKeys.Log.setSegmentCacheNumMax(properties, 2);
    // A full queue would block the proposer; what is in flight is bounded once, by the next two.
    RaftServerConfigKeys.Log.setQueueByteLimit(properties, SizeInBytes.valueOf("512MB"));
    RaftServerConfigKeys.Log.setQueueElementLimit(properties, 1 << 17);
    RaftServerConfigKeys.Write.setByteLimit(properties, IN_FLIGHT);
    RaftServerConfigKeys.Write.setElementLimit(properties, 1 << 16);
    // We never retry a request, so its answer need not be remembered for long.
    RaftServerConfigKeys.RetryCache.setExpiryTime(properties, seconds(2));
    // The default waits a millisecond between two appends to a follower.
    RaftServerConfigKeys.Log.Appender.setWaitTimeMin(properties, TimeDuration.ZERO);
  }

  private static void purge(RaftProperties properties, RatisSettings.Tuning tuning) {
    // A snapshot costs nothing here: it names what is flushed already.
    RaftServerConfigKeys.Snapshot.setAutoTriggerEnabled(properties, true);
    RaftServerConfigKeys.Snapshot.setAutoTriggerThreshold(properties, tuning.purgeEvery());
    RaftServerConfigKeys.Snapshot.setTriggerWhenStopEnabled(properties, false);
    RaftServerConfigKeys.Snapshot.setTriggerWhenRemoveEnabled(properties, false);
    RaftServerConfigKeys.Log.setPurgeGap(properties, tuning.purgeEvery());
    // Otherwise a dead follower keeps the log from ever being cut.
    RaftServerConfigKeys.Log.setPurgeUptoSnapshotIndex(properties, true);
    RaftServerConfigKeys.Log.setPurgePreservationLogNum(properties, tuning.keepEntries());
    // A follower that is too far behind is told so; checkpoints travel by our own way.
    RaftServerConfigKeys.Log.Appender.setInstallSnapshotEnabled(properties, false);
  }

  private static void times(RaftProperties properties, RatisSettings settings) {
    RatisSettings.Tuning tuning = settings.tuning();
    RaftServerConfigKeys.Rpc.setTimeoutMin(properties, time(tuning.electionMin()));
    RaftServerConfigKeys.Rpc.setTimeoutMax(properties, time(tuning.electionMax()));
    if (settings.isAlone()) {
      RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMin(properties, millis(10));
      RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMax(properties, millis(20));
    } else {
      // Whoever begins a log has no one to wait for; a leader that is there wins the pre-vote.
      RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMin(properties, millis(150));
      RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMax(properties, millis(600));
    }
    properties.setTimeDuration(RaftServerConfigKeys.STAGING_TIMEOUT_KEY, seconds(30));
    RaftServerConfigKeys.Log.Appender.setRetryPolicy(properties, retries(tuning));
    // A pause this long makes a leader step down; alone there is nobody to step down for.
    TimeDuration pause = settings.isAlone() ? TimeDuration.valueOf(1, TimeUnit.DAYS) : seconds(3);
    RaftServerConfigKeys.LeaderElection.setLeaderStepDownWaitTime(properties, pause);
    // A frozen process would close its server for good when it wakes.
    RaftServerConfigKeys.setCloseThreshold(properties, TimeDuration.valueOf(1000, TimeUnit.DAYS));
  }

  /**
   * Pauses between attempts to reach a follower, in Ratis's words: how long, so many times. By
   * default they grow to seven seconds, and whoever sleeps beyond the time of a heartbeat then
   * sends nothing but a heartbeat. A pause is up to one and a half of what is said here.
   */
  private static String retries(RatisSettings.Tuning tuning) {
    long rest = Math.max(1, tuning.electionMin().toMillis() / 8);
    return "1ms,10, " + rest + "ms," + Integer.MAX_VALUE / 2;
  }

  private static TimeDuration time(Duration duration) {
    return millis(duration.toMillis());
  }

  private static TimeDuration millis(long millis) {
    return TimeDuration.valueOf(millis, TimeUnit.MILLISECONDS);
  }

  private static TimeDuration seconds(long seconds) {
    return TimeDuration.valueOf(seconds, TimeUnit.SECONDS);
  }
}
