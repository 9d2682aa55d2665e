package dev.reprise.chaos.container;

import static org.junit.jupiter.api.Assumptions.abort;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.BuildImageResultCallback;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.testcontainers.DockerClientFactory;

/**
 * The image of this build. A test that needs it is skipped where there is no Docker engine or
 * nothing is packaged, unless {@code REPRISE_CI=1}.
 */
public final class Image {
  /** How it is called on this engine. */
  public static final String NAME = "reprise:local";

  private static final int MINUTES = 8;
  private static @Nullable String missing;
  private static boolean built;

  private Image() {}

  /** Builds it, once for all tests of this JVM; or the end of the test. */
  public static synchronized String expect() throws IOException, InterruptedException {
    buildOnce();
    if (missing != null) {
      if ("1".equals(System.getenv("REPRISE_CI"))) {
        throw new AssertionError(missing);
      }
      System.out.println("[storm] skipped: " + missing);
      abort(missing);
    }
    return NAME;
  }

  /**
   * Builds it, once for all of this JVM.
   *
   * @throws IllegalStateException with what is missing
   */
  public static synchronized String make() throws IOException, InterruptedException {
    buildOnce();
    if (missing != null) {
      throw new IllegalStateException(missing);
    }
    return NAME;
  }

  private static void buildOnce() throws IOException, InterruptedException {
    if (!built) {
      missing = build();
      built = true;
    }
  }

  /**
   * Another image with the same content, as a rebuild makes it; to be removed with {@link #remove}.
   *
   * @param directory where it may be described
   */
  public static String rebuilt(Path directory) throws IOException {
    String tag = "reprise-rebuilt:" + UUID.randomUUID();
    Path description = directory.resolve("Dockerfile");
    Files.writeString(description, "FROM " + NAME + "\nLABEL rebuilt=" + tag + "\n");
    docker()
        .buildImageCmd(description.toFile())
        .withPull(false)
        .withTags(Set.of(tag))
        .exec(new BuildImageResultCallback())
        .awaitImageId(MINUTES, TimeUnit.MINUTES);
    return tag;
  }

  /** Removes an image that no container uses any more. */
  public static void remove(String tag) {
    docker().removeImageCmd(tag).exec();
  }

  private static DockerClient docker() {
    return DockerClientFactory.instance().client();
  }

  /** Where this build is. */
  public static Path root() {
    return Path.of(System.getProperty("reprise.root", "..")).toAbsolutePath().normalize();
  }

  private static @Nullable String build() throws IOException, InterruptedException {
    if (!run(root(), "docker", "info").isBlank()) {
      return "expected a Docker engine, but none answers; image/engine starts one";
    }
    for (String module : new String[] {"server", "cli", "bench"}) {
      if (!Files.isDirectory(root().resolve(module).resolve("target/lib"))) {
        return "expected " + module + "/target/lib, but there is none; mvn verify makes it";
      }
    }
    String failure = run(root(), root().resolve("image/build").toString(), NAME);
    if (!failure.isBlank()) {
      throw new AssertionError("Expected image/build to make the image, but it said:\n" + failure);
    }
    return null;
  }

  /** Nothing when it ends well, else what it said. */
  private static String run(Path directory, String... command)
      throws IOException, InterruptedException {
    Path output = Files.createTempFile("image", ".log");
    try {
      Process process =
          new ProcessBuilder(command)
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      boolean ended = process.waitFor(MINUTES, TimeUnit.MINUTES);
      if (!ended) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
      boolean well = ended && process.exitValue() == 0;
      return well ? "" : "(failed)\n" + Files.readString(output, StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "(not started: " + e.getMessage() + ")";
    } finally {
      Files.deleteIfExists(output);
    }
  }
}
