package dev.reprise.chaos;

import static dev.reprise.chaos.rig.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reprise.chaos.rig.Ctl;
import dev.reprise.chaos.rig.IngressClient;
import dev.reprise.chaos.rig.ServerProcess;
import dev.reprise.chaos.rig.Storm;
import dev.reprise.sdk.Awakeable;
import dev.reprise.sdk.Context;
import dev.reprise.sdk.Handler;
import dev.reprise.sdk.ObjectContext;
import dev.reprise.sdk.Options;
import dev.reprise.sdk.Service;
import dev.reprise.sdk.Target;
import dev.reprise.sdk.VirtualObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Directories that earlier builds wrote, killed in the midst of work, are opened by this one. They
 * are kept as they are, one at least for each format; {@code -Dsamples.make=NAME} makes the next.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class UpgradeTest {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final Path SAMPLES =
      Path.of(System.getProperty("reprise.root", ".."))
          .resolve("chaos-tests/src/test/resources/dev/reprise/chaos/samples");

  /** What names the machine that made them, or is made anew at each start. */
  private static final List<String> LEFT_OUT = List.of("native", "checkpoints", "lock");

  @RegisterExtension final Storm storm = new Storm();

  private final Work work = new Work();

  /** Waits, fails, calls and rests. */
  @Service("labour")
  @Options(
      inactivityTimeout = "PT0.2S",
      retry = @Options.Retry(initialInterval = "PT0.1S", maxInterval = "PT2S"))
  static class Work {
    private final BlockingQueue<String> awakeables = new LinkedBlockingQueue<>();
    private final AtomicBoolean broken = new AtomicBoolean();

    @Handler
    public String ask(Context ctx) {
      return "heard " + awaited(ctx);
    }

    private String awaited(Context ctx) {
      Awakeable<String> answer = ctx.awakeable(String.class);
      String id = answer.id();
      ctx.run(
          "tell",
          () -> {
            awakeables.add(id);
          });
      return answer.await();
    }

    @Handler
    public String mend(Context ctx, String subject) {
      String step = ctx.run("step", String.class, () -> subject + "!");
      return ctx.run(
          "mend",
          String.class,
          () -> {
            if (broken.get()) {
              throw new IllegalStateException("broken");
            }
            return step + " mended";
          });
    }

    @Handler
    public String relay(Context ctx) {
      return "relayed: " + ctx.call(Target.service("labour", "ask"), null, String.class);
    }

    @Handler
    public String rest(Context ctx) {
      ctx.sleep(Duration.ofSeconds(30));
      return "rested";
    }

    @Handler
    public String greet(Context ctx, String name) {
      return "Hello " + name;
    }

    String awakeable() throws InterruptedException {
      String id = awakeables.poll(60, TimeUnit.SECONDS);
      if (id == null) {
        throw new AssertionError("Expected somebody to ask within 60 s");
      }
      return id;
    }
  }

  /** Keeps a count; while it is held, others queue up. */
  @VirtualObject("held")
  @Options(inactivityTimeout = "PT0.2S")
  static class Held {
    private static final dev.reprise.sdk.StateKey<Integer> COUNT =
        dev.reprise.sdk.StateKey.of("count", Integer.class);
    private final Work work;

    Held(Work work) {
      this.work = work;
    }

    @Handler
    public String hold(ObjectContext ctx) {
      return "held until " + work.awaited(ctx);
    }

    @Handler
    public int add(ObjectContext ctx) {
      int count = ctx.get(COUNT).orElse(0) + 1;
      ctx.set(COUNT, count);
      return count;
    }
  }

  static List<Path> samples() throws IOException {
    try (Stream<Path> files = Files.list(SAMPLES)) {
      return files.filter(it -> it.toString().endsWith(".zip")).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("samples")
  void theOpenWorkOfAnEarlierBuildEnds(Path sample) throws Exception {
    Path directory = unpacked(sample);
    Properties known = read(directory.resolveSibling("sample.properties"));
    ServerProcess server = storm.serverAt(directory);
    IngressClient ingress = server.ingress();
    var endpoint = storm.serve(work, new Held(work));
    Ctl ctl = new Ctl(server.admin().base().toString(), server.grpc());
    storm.say("%s: %d entries were told again", sample.getFileName(), server.replayed());

    // Its services are elsewhere now.
    assertThat(
            ctl.json(
                    "deployments",
                    "update",
                    known.getProperty("deployment"),
                    "--uri",
                    "http://127.0.0.1:" + endpoint.port())
                .path("services"))
        .hasSize(2);
    for (String awakeable : List.of("ask", "relay", "hold")) {
      String id = known.getProperty("awakeable." + awakeable);
      ingress.to("restate/awakeables/" + id + "/resolve").post("\"yes\"").expectStatus(202);
    }

    assertThat(outcome(ingress, known, "ask")).isEqualTo("\"heard yes\"");
    assertThat(outcome(ingress, known, "relay")).isEqualTo("\"relayed: heard yes\"");
    assertThat(outcome(ingress, known, "mend")).isEqualTo("\"pump! mended\"");
    assertThat(outcome(ingress, known, "rest")).isEqualTo("\"rested\"");
    assertThat(outcome(ingress, known, "greet")).isEqualTo("\"Hello Ada\"");
    assertThat(outcome(ingress, known, "hold")).isEqualTo("\"held until yes\"");
    assertThat(outcome(ingress, known, "queued")).isEqualTo("2");
    assertThat(ingress.to("held/k/add").post().expectText()).isEqualTo("3");
    assertThat(ctl.json("invocations", "list")).isEmpty();
  }

  private static String outcome(IngressClient ingress, Properties known, String name)
      throws IOException {
    return ingress.attach(known.getProperty(name)).expectStatus(200).text();
  }

  @Test
  void whatANewerBuildWroteIsRefusedWithASentence() throws Exception {
    Path directory = unpacked(samples().getLast());
    Path mark = directory.resolve("node.properties");
    Properties properties = read(mark);
    properties.setProperty("format", "99");
    try (OutputStream out = Files.newOutputStream(mark)) {
      properties.store(out, null);
    }

    assertThatThrownBy(() -> storm.serverAt(directory))
        .hasMessageContaining("but found 99; a newer version wrote it: start that one");
  }

  @Test
  void thePresentFormatHasASample() throws Exception {
    Path directory = storm.directory();
    storm.serverAt(directory).kill();
    String format = read(directory.resolve("node.properties")).getProperty("format");

    assertThat(samples())
        .as("make one with -Dtest=UpgradeTest -Dsamples.make=format-" + format)
        .anyMatch(it -> it.getFileName().toString().startsWith("format-" + format));
  }

  @Test
  @EnabledIfSystemProperty(named = "samples.make", matches = ".+")
  void aSampleIsMade() throws Exception {
    Path directory = storm.directory().resolve("data");
    ServerProcess server = storm.serverAt(directory, "--node-name", "n1");
    IngressClient ingress = server.ingress();
    var endpoint = storm.serve(work, new Held(work));
    Ctl ctl = new Ctl(server.admin().base().toString(), server.grpc());
    Properties known = new Properties();
    known.setProperty(
        "deployment",
        ctl.json("deployments", "register", "http://127.0.0.1:" + endpoint.port())
            .path("id")
            .stringValue());
    ingress.to("held/k/add").post().expectStatus(200);
    ask(ingress, known, "ask", "labour/ask");
    work.broken.set(true);
    send(ingress, known, "mend", "labour/mend", "\"pump\"");
    // This much is in the tables; what follows is in the log alone.
    assertThat(ctl.json("snapshots", "create")).hasSize(2);
    ask(ingress, known, "relay", "labour/relay");
    ask(ingress, known, "hold", "held/k/hold");
    send(ingress, known, "queued", "held/k/add", null);
    send(ingress, known, "rest", "labour/rest", null);
    send(ingress, known, "greet", "labour/greet", "\"Ada\"", "?delay=30s");
    eventually(
        SOON,
        () ->
            assertThat(ctl.text("invocations", "list"))
                .contains("backing-off", "scheduled", "inbox")
                .doesNotContain("running"));
    server.kill();

    String name = System.getProperty("samples.make") + ".zip";
    try (OutputStream file = Files.newOutputStream(SAMPLES.resolve(name))) {
      pack(directory, known, file);
    }
  }

  private void ask(IngressClient ingress, Properties known, String name, String target)
      throws Exception {
    send(ingress, known, name, target, null);
    known.setProperty("awakeable." + name, work.awakeable());
  }

  private static void send(
      IngressClient ingress, Properties known, String name, String target, @Nullable String body)
      throws IOException {
    send(ingress, known, name, target, body, "");
  }

  private static void send(
      IngressClient ingress,
      Properties known,
      String name,
      String target,
      @Nullable String body,
      String query)
      throws IOException {
    IngressClient.Request request = ingress.to(target + "/send" + query).idempotencyKey(name);
    known.setProperty(
        name,
        (body == null ? request.post() : request.post(body))
            .expectAccepted()
            .path("invocationId")
            .stringValue());
  }

  private static void pack(Path directory, Properties known, OutputStream out) throws IOException {
    try (ZipOutputStream zip = new ZipOutputStream(out);
        Stream<Path> files = Files.walk(directory)) {
      zip.putNextEntry(new ZipEntry("sample.properties"));
      known.store(zip, null);
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        Path inside = directory.relativize(file);
        String last = file.getFileName().toString();
        // RocksDB's notes and Ratis's lock name directories and hosts; both do without them.
        if (!LEFT_OUT.contains(inside.getName(0).toString())
            && !last.equals("in_use.lock")
            && !last.startsWith("LOG")
            && !last.startsWith("OPTIONS")) {
          zip.putNextEntry(new ZipEntry("data/" + inside.toString().replace('\\', '/')));
          Files.copy(file, zip);
        }
      }
    }
  }

  /** The data directory of a sample; what is known of it lies beside. */
  private Path unpacked(Path sample) throws IOException {
    Path to = storm.directory();
    try (InputStream in = Files.newInputStream(sample);
        ZipInputStream zip = new ZipInputStream(in)) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        Path file = to.resolve(entry.getName());
        Files.createDirectories(file.getParent());
        Files.copy(zip, file);
      }
    }
    return to.resolve("data");
  }

  private static Properties read(Path file) throws IOException {
    Properties properties = new Properties();
    try (InputStream in = Files.newInputStream(file)) {
      properties.load(in);
    }
    return properties;
  }
}
