package dev.reprise.conformance;

import dev.reprise.chaos.rig.Eventually;
import dev.reprise.chaos.rig.IngressClient.Answer;
import dev.reprise.conformance.Door.Accepted;
import dev.reprise.conformance.Door.Of;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What one story has: a judged server, services that are registered there, and names nobody had.
 */
public final class World implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final AtomicInteger DRAWN = new AtomicInteger();
  private static final String RUN = Long.toString(System.currentTimeMillis(), 36);
  private static final Executor THREADS = it -> Thread.ofVirtual().start(it);

  private final Judged judged;
  private final Outside outside;
  private final Column column;
  private final Deque<Services> open = new ArrayDeque<>();

  World(Judged judged, Outside outside, Column column) {
    this.judged = judged;
    this.outside = outside;
    this.column = column;
  }

  Column column() {
    return column;
  }

  public Setting setting() {
    return column.setting();
  }

  public Outside outside() {
    return outside;
  }

  public Door door() {
    return judged.door();
  }

  /** A name that no earlier story and no earlier run had. */
  public String fresh(String name) {
    return name + "-" + RUN + "-" + DRAWN.incrementAndGet();
  }

  public static JsonNode json(Object value) {
    return JsonMapper.shared().valueToTree(value);
  }

  /** Calls, and waits for the outcome. */
  public Outcome call(String path, @Nullable Object body) throws IOException {
    return door().call(Ask.of(path, body));
  }

  /** The value that a call is answered with. */
  public JsonNode ask(String path, @Nullable Object body) throws IOException {
    return call(path, body).expectValue();
  }

  /** Calls in the background. */
  public CompletableFuture<Outcome> calling(Ask ask) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return door().call(ask);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        },
        THREADS);
  }

  /** Sends with an idempotency key of its own, so that the outcome is kept; returns the id. */
  public String send(String path, @Nullable Object body) throws IOException {
    Accepted accepted = door().send(Ask.of(path, body).idempotencyKey(fresh("send")));
    return accepted.id();
  }

  public Outcome attach(String id) throws IOException {
    return door().attach(new Of.Id(id));
  }

  public Outcome output(String id) throws IOException {
    return door().output(new Of.Id(id));
  }

  /** Asks the admin API about an invocation. */
  public Answer patch(String id, String operation) throws IOException {
    return judged.admin("PATCH", "invocations/" + id + "/" + operation, null);
  }

  public Answer admin(String method, String path, @Nullable Object body) throws IOException {
    return judged.admin(method, path, body);
  }

  /** Repeats the check until it passes. */
  public void eventually(Eventually.Expectation expectation) {
    Eventually.eventually(PATIENCE, expectation);
  }

  public String status(String id) throws IOException {
    return judged.status(id);
  }

  /** Waits until the invocation has that status. */
  public void awaitStatus(String id, String wanted) {
    eventually(
        () -> {
          String seen = status(id);
          if (!seen.equals(wanted)) {
            throw new AssertionError(
                "Expected %s to be %s, but it is %s".formatted(id, wanted, seen));
          }
        });
  }

  /**
   * Starts another version of some services and registers it; it ends with the story. Returns the
   * deployment's id.
   */
  public String deploy(String edition, String... services) throws IOException {
    Services started =
        Services.start(column.sdk(), column.setting(), outside, edition, Set.of(services));
    open.push(started);
    return judged.register(started.uri());
  }

  @Override
  public void close() {
    while (!open.isEmpty()) {
      open.pop().close();
    }
  }
}
