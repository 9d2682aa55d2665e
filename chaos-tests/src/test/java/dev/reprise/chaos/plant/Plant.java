package dev.reprise.chaos.plant;

import static net.bytebuddy.matcher.ElementMatchers.named;

import dev.reprise.cluster.engine.ForgetfulLifecycle;
import dev.reprise.cluster.engine.ForgetfulOutbox;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.dynamic.ClassFileLocator;
import net.bytebuddy.pool.TypePool;

/**
 * A bug. It is written as a changed class into a directory that stands before a server's class
 * path; production code has no switch for it.
 */
public enum Plant {
  /** What another partition sends is taken as often as it comes. */
  SKIPS_DEDUP("dev.reprise.cluster.engine.Outbox", "deliver", ForgetfulOutbox.class),
  /** Who repeats a request with its idempotency key is not known again. */
  FORGETS_REQUESTS("dev.reprise.cluster.engine.Lifecycle", "create", ForgetfulLifecycle.class),
  /** Who has led and does not know better yet answers what it finds, without asking the log. */
  SERVES_STALE_READS("dev.reprise.cluster.partition.Questions", "marked", TrustingReader.class),
  /** What has been written, but not synced, counts as kept. */
  ACKNOWLEDGES_BEFORE_DURABLE(
      "org.apache.ratis.server.raftlog.segmented.SegmentedRaftLog",
      "getFlushIndex",
      HastyLog.class),
  /** What one replica has counts as what most have. */
  ACKNOWLEDGES_BEFORE_QUORUM(
      "org.apache.ratis.server.impl.LeaderStateImpl$MinMajorityMax",
      "getMajority",
      MajorityOfOne.class);

  private final String type;
  private final String method;
  private final Class<?> change;

  Plant(String type, String method, Class<?> change) {
    this.type = type;
    this.method = method;
    this.change = change;
  }

  /** Writes the changed class; what to put before a server's class path. */
  public String in(Path directory) {
    ClassFileLocator classes = ClassFileLocator.ForClassLoader.of(Plant.class.getClassLoader());
    TypePool pool = TypePool.Default.of(classes);
    try (var changed =
        new ByteBuddy()
            .redefine(pool.describe(type).resolve(), classes)
            .visit(Advice.to(change).on(named(method)))
            .make()) {
      changed.saveIn(directory.toFile());
    } catch (IOException e) {
      throw new UncheckedIOException("Expected to write a class below " + directory, e);
    }
    return directory + File.pathSeparator;
  }
}
