package dev.reprise.chaos.plant;

import static net.bytebuddy.matcher.ElementMatchers.named;

import dev.reprise.cluster.engine.ForgetfulLifecycle;
import dev.reprise.cluster.engine.ForgetfulOutbox;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.dynamic.ClassFileLocator;
import net.bytebuddy.pool.TypePool;

/**
 * A bug. It is written as changed classes into a directory that stands before a server's class
 * path; production code has no switch for it.
 */
public enum Plant {
  /** What another partition sends is taken as often as it comes. */
  SKIPS_DEDUP(new Change("dev.reprise.cluster.engine.Outbox", "deliver", ForgetfulOutbox.class)),
  /** Who repeats a request with its idempotency key is not known again. */
  FORGETS_REQUESTS(
      new Change("dev.reprise.cluster.engine.Lifecycle", "create", ForgetfulLifecycle.class)),
  /**
   * Who has led answers what it finds, without asking the log, until it is told that it does not
   * lead any more.
   */
  SERVES_STALE_READS(
      new Change("dev.reprise.cluster.partition.Questions", "marked", TrustingReader.class),
      new Change(Names.LEADER_STATE, "checkLeadership", StubbornLeader.class)),
  /** What has been written, but not synced, counts as kept. */
  ACKNOWLEDGES_BEFORE_DURABLE(
      new Change(
          "org.apache.ratis.server.raftlog.segmented.SegmentedRaftLog",
          "getFlushIndex",
          HastyLog.class)),
  /** What one replica has counts as what most have. */
  ACKNOWLEDGES_BEFORE_QUORUM(
      new Change(Names.LEADER_STATE + "$MinMajorityMax", "getMajority", MajorityOfOne.class));

  /** Never changed itself. */
  @SuppressWarnings("ImmutableEnumChecker")
  private final List<Change> changes;

  /** What a method of a class does beside what it did. */
  private record Change(String type, String method, Class<?> advice) {}

  Plant(Change... changes) {
    this.changes = List.of(changes);
  }

  /** Writes the changed classes; what to put before a server's class path. */
  public String in(Path directory) {
    ClassFileLocator classes = ClassFileLocator.ForClassLoader.of(Plant.class.getClassLoader());
    TypePool pool = TypePool.Default.of(classes);
    for (Change change : changes) {
      try (var changed =
          new ByteBuddy()
              .redefine(pool.describe(change.type()).resolve(), classes)
              .visit(Advice.to(change.advice()).on(named(change.method())))
              .make()) {
        changed.saveIn(directory.toFile());
      } catch (IOException e) {
        throw new UncheckedIOException("Expected to write a class below " + directory, e);
      }
    }
    return directory + File.pathSeparator;
  }

  /** In a class of its own: constants of an enum come before its fields. */
  private static final class Names {
    static final String LEADER_STATE = "org.apache.ratis.server.impl.LeaderStateImpl";
  }
}
