package dev.reprise.cluster.log.ratis;

import dev.reprise.cluster.log.LogRig;
import dev.reprise.cluster.log.ReplicatedLogContract;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** Three nodes in one JVM that talk gRPC. */
class RatisLogOfThreeTest extends ReplicatedLogContract {
  @TempDir Path directory;

  @Override
  protected LogRig startRig() {
    return RatisRig.cluster(directory, 3);
  }
}
