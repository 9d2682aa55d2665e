package dev.reprise.cluster.log.ratis;

import dev.reprise.cluster.log.LogRig;
import dev.reprise.cluster.log.ReplicatedLogContract;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** A node that is alone, on a real disk. */
class RatisLogAloneTest extends ReplicatedLogContract {
  @TempDir Path directory;

  @Override
  protected LogRig startRig() {
    return RatisRig.alone(directory, RatisSettings.Tuning.DEFAULT);
  }
}
