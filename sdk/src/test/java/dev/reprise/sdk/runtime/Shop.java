package dev.reprise.sdk.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.sdk.Context;
import dev.reprise.sdk.DurableFuture;
import dev.reprise.sdk.Handler;
import dev.reprise.sdk.RetryPolicy;
import dev.reprise.sdk.Service;
import dev.reprise.sdk.TerminalException;
import dev.reprise.sdk.TimedOutException;
import dev.reprise.sdk.TypeRef;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A service with a handler for each thing that user code may do. */
@Service
final class Shop {
  record Order(String item, int count) {}

  final AtomicInteger executions = new AtomicInteger();
  final CountDownLatch inStep = new CountDownLatch(1);
  final CountDownLatch interrupted = new CountDownLatch(1);

  @Handler
  String order(Order order) {
    return order.count() + " " + order.item();
  }

  @Handler
  int pick(Context ctx) {
    return ctx.run("pick", Integer.class, executions::incrementAndGet);
  }

  @Handler
  String refuse(Context ctx) {
    try {
      ctx.run(
          "charge",
          () -> {
            throw new TerminalException(402, "no money");
          });
      return "charged";
    } catch (TerminalException e) {
      return e.code() + " " + e.getMessage();
    }
  }

  @Handler
  void flaky(Context ctx) {
    ctx.run(
        "flaky",
        RetryPolicy.exponential(Duration.ofMillis(100), 3).maxAttempts(3),
        () -> {
          throw new IllegalStateException("down");
        });
  }

  @Handler
  @SuppressWarnings("DoNotCallSuggester") // The attempt calls it, by its name.
  void crash() {
    throw new IllegalStateException("bug");
  }

  @Handler
  List<Integer> parallel(Context ctx) {
    CountDownLatch both = new CountDownLatch(2);
    DurableFuture<Integer> one = ctx.runAsync("one", Integer.class, () -> meet(both, 1));
    DurableFuture<Integer> two = ctx.runAsync("two", Integer.class, () -> meet(both, 2));
    return ctx.<Integer>all(List.of(one, two)).await();
  }

  private static int meet(CountDownLatch both, int result) throws InterruptedException {
    both.countDown();
    if (!both.await(10, TimeUnit.SECONDS)) {
      throw new IllegalStateException("Expected both steps at once, but one came alone");
    }
    return result;
  }

  @Handler
  void forgotten(Context ctx) {
    DurableFuture<Integer> unused = ctx.runAsync("mail", Integer.class, () -> 1);
    assertThat(unused).isNotNull();
  }

  @Handler
  String impatient(Context ctx) {
    try {
      return ctx.awakeable(String.class).await(Duration.ofSeconds(1));
    } catch (TimedOutException e) {
      return "too late";
    }
  }

  @Handler
  void nested(Context ctx) {
    ctx.run("outer", () -> ctx.sleep(Duration.ofSeconds(1)));
  }

  @Handler
  String swallow(Context ctx) {
    try {
      ctx.sleep(Duration.ofDays(1));
    } catch (Throwable e) {
      ctx.run("compensate", executions::incrementAndGet);
    }
    return "never";
  }

  @Handler
  void stubborn(Context ctx) {
    ctx.run(
        "endless",
        () -> {
          inStep.countDown();
          try {
            new CountDownLatch(1).await();
          } catch (InterruptedException e) {
            interrupted.countDown(); // and go on as if nothing had happened
          }
        });
    ctx.sleep(Duration.ofDays(1));
  }

  @Handler
  String fields(Context ctx) {
    List<Order> orders =
        ctx.run("load", new TypeRef<List<Order>>() {}, () -> List.of(new Order("tea", 2)));
    return orders.getFirst().item();
  }

  @Handler
  void notForOthers(Context ctx) throws InterruptedException {
    Thread other = Thread.ofVirtual().start(() -> failed(ctx));
    other.join();
    throw new TerminalException(418, String.valueOf(executions.get()));
  }

  private void failed(Context ctx) {
    try {
      ctx.sleep(Duration.ZERO);
    } catch (IllegalStateException e) {
      executions.incrementAndGet();
    }
  }
}
