package dev.reprise.cluster.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.cluster.log.LogException;
import dev.reprise.cluster.log.ratis.RatisSettings.Tuning;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Nobody can replace the files of a node that is alone: damaged ones are refused, in a sentence.
 */
@Timeout(180)
class AloneDamagedTest {
  @TempDir Path directory;

  @Test
  void aFlippedBitInATableFileIsRefusedWithWhatToDo() throws IOException {
    try (Trio alone = new Trio(directory, Tuning.DEFAULT, Trio.seed(), 1)) {
      TrioNode node = alone.nodes.getFirst();
      alone.write(1000);
      node.stop();
      List<Path> files =
          Directories.files(node.store()).stream()
              .filter(file -> file.toString().endsWith(".sst"))
              .toList();
      Path file = files.get(alone.random().nextInt(files.size()));
      alone.flipOneBit(file, 0, 1);

      String said;
      try {
        node.start();
        node.keeper().scrub(() -> true);
        alone.await("it is parked", () -> node.condition() == ReplicaKeeper.Condition.PARKED);
        assertThat(node.leads()).isFalse();
        said = node.keeper().status().reason();
      } catch (LogException refused) {
        said = String.valueOf(refused.getMessage());
      }

      assertThat(said)
          .contains("Expected intact bytes in " + file)
          .contains("this node is alone")
          .contains("restore the node's directory from a backup");
      assertThat(node.store()).exists();
    }
  }
}
