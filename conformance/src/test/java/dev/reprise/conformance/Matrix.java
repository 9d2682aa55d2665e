package dev.reprise.conformance;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Runs rows in columns: for each SDK and setting an endpoint, and all rows against it. */
public final class Matrix {
  private static final Duration DEADLINE = Duration.ofSeconds(45);

  /** Of rows that are expected to fail: many of them wait for what never comes. */
  private static final Duration SHORT_DEADLINE = Duration.ofSeconds(6);

  private final List<Judged> nodes;
  private final List<Row> rows;
  private final Expected expected;
  private final int together;

  /**
   * Prepares a run.
   *
   * @param nodes of one server, which rows ask in turn: each row asks one of them
   * @param expected to fail: such rows are not given much time
   * @param together how many rows may run at a time
   */
  public Matrix(List<Judged> nodes, List<Row> rows, Expected expected, int together) {
    this.nodes = nodes;
    this.rows = rows;
    this.expected = expected;
    this.together = together;
  }

  /**
   * Starts the column's services, registers them and runs all rows; the doors are the nodes' own.
   */
  public List<Result> run(Column column) throws Exception {
    Sdk sdk = column.sdk();
    Setting setting = column.setting();
    try (Outside outside = Outside.open();
        Services services = Services.start(sdk, setting, outside, "1", Set.of());
        ExecutorService threads = Executors.newFixedThreadPool(together)) {
      String deployment = nodes.getFirst().register(services.uri());
      for (Judged node : nodes) {
        node.awaitDeployment(deployment);
      }
      List<Future<Result>> running = new ArrayList<>();
      for (Row row : rows) {
        if (row.isIn(column)) {
          Judged node = nodes.get(running.size() % nodes.size());
          running.add(threads.submit(() -> tell(row, new World(node, outside, column))));
        }
      }
      List<Result> results = new ArrayList<>();
      for (Future<Result> one : running) {
        results.add(one.get());
      }
      return results;
    }
  }

  private Result tell(Row row, World world) {
    boolean mayFail = expected.failuresIn(world.column().setting()).containsKey(row.name());
    Duration deadline = mayFail ? SHORT_DEADLINE : DEADLINE;
    long start = System.nanoTime();
    FutureTask<Void> story =
        new FutureTask<>(
            () -> {
              try (world) {
                row.story().tell(world);
              }
              return null;
            });
    Thread teller = Thread.ofPlatform().daemon().name(row.name()).start(story);
    @Nullable Throwable failure = null;
    try {
      story.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      failure = e.getCause();
    } catch (TimeoutException e) {
      teller.interrupt();
      failure = new AssertionError("Expected an end within " + deadline + ", but there was none");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      failure = e;
    }
    return new Result(
        row, world.column(), TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start), failure);
  }
}
