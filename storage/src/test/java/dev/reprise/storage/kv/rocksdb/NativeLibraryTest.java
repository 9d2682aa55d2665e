package dev.reprise.storage.kv.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Each start is a process of its own: a library is loaded once in the life of a JVM. */
@Timeout(60)
class NativeLibraryTest {
  @TempDir private Path directory;

  @Test
  void theLibraryIsCopiedOnceAndNothingIsLeftInTheTemporaryDirectory() throws Exception {
    assertThat(start()).endsWith("opened");
    List<Path> afterTheFirst = files(directory.resolve("kept"));
    var written = Files.getLastModifiedTime(afterTheFirst.getFirst());
    assertThat(start()).endsWith("opened");

    assertThat(afterTheFirst).hasSize(1);
    assertThat(files(directory.resolve("kept"))).isEqualTo(afterTheFirst);
    assertThat(Files.getLastModifiedTime(afterTheFirst.getFirst())).isEqualTo(written);
    assertThat(files(directory.resolve("temporary"))).isEmpty();
  }

  @Test
  void aCopyThatWasCutShortIsMadeAgain() throws Exception {
    assertThat(start()).endsWith("opened");
    Path library = files(directory.resolve("kept")).getFirst();
    long whole = Files.size(library);
    Files.write(library, new byte[100]);

    assertThat(start()).endsWith("opened");
    assertThat(library).hasSize(whole);
  }

  @Test
  void whereNothingCanBeKeptTheStoreOpensAllTheSame() throws Exception {
    Files.writeString(directory.resolve("kept"), "a file where a directory should be");

    assertThat(start()).endsWith("opened");
  }

  /** The other process: opens a store, says so, and is killed. */
  public static final class Opener {
    private Opener() {}

    public static void main(String[] args) {
      RocksDbResources.keepLibraryIn(Path.of(args[0]));
      RocksDbStore.open(Path.of(args[1]), new RocksDbResources(RocksDbResources.MIN_BUDGET_BYTES));
      System.out.print("opened");
      System.out.flush();
      Runtime.getRuntime().halt(0);
    }
  }

  private String start() throws IOException, InterruptedException {
    Path temporary = Files.createDirectories(directory.resolve("temporary"));
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-Djava.io.tmpdir=" + temporary,
                "-cp",
                System.getProperty("java.class.path").replace('\n', File.pathSeparatorChar),
                Opener.class.getName(),
                directory.resolve("kept").toString(),
                directory.resolve("store").toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said;
  }

  private static List<Path> files(Path root) throws IOException {
    try (var walk = Files.walk(root)) {
      return walk.filter(Files::isRegularFile).sorted().toList();
    }
  }
}
