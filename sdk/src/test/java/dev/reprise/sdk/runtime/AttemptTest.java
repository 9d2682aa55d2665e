package dev.reprise.sdk.runtime;

import static dev.reprise.sdk.core.Wire.call;
import static dev.reprise.sdk.core.Wire.callDone;
import static dev.reprise.sdk.core.Wire.called;
import static dev.reprise.sdk.core.Wire.cancelled;
import static dev.reprise.sdk.core.Wire.end;
import static dev.reprise.sdk.core.Wire.getEager;
import static dev.reprise.sdk.core.Wire.getEagerNothing;
import static dev.reprise.sdk.core.Wire.input;
import static dev.reprise.sdk.core.Wire.output;
import static dev.reprise.sdk.core.Wire.outputFailure;
import static dev.reprise.sdk.core.Wire.propose;
import static dev.reprise.sdk.core.Wire.proposeFailure;
import static dev.reprise.sdk.core.Wire.run;
import static dev.reprise.sdk.core.Wire.runDone;
import static dev.reprise.sdk.core.Wire.runFailed;
import static dev.reprise.sdk.core.Wire.set;
import static dev.reprise.sdk.core.Wire.sleepDone;
import static dev.reprise.sdk.core.Wire.suspension;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.api.MessageType;
import dev.reprise.api.protocol.ErrorMessage;
import dev.reprise.api.protocol.OneWayCallCommandMessage;
import dev.reprise.sdk.Context;
import dev.reprise.sdk.DurableFuture;
import dev.reprise.sdk.Handler;
import dev.reprise.sdk.ObjectContext;
import dev.reprise.sdk.RetryPolicy;
import dev.reprise.sdk.Service;
import dev.reprise.sdk.StateKey;
import dev.reprise.sdk.TerminalException;
import dev.reprise.sdk.TimedOutException;
import dev.reprise.sdk.TypeRef;
import dev.reprise.sdk.VirtualObject;
import dev.reprise.sdk.core.ProtocolMessage;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** User code on its own thread: what authors write, and what the server sees of it. */
@Timeout(30)
class AttemptTest {
  record Order(String item, int count) {}

  @Service
  static class Shop {
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

  @VirtualObject
  static class Counter {
    private static final StateKey<Integer> COUNT = StateKey.of("count", Integer.class);

    @Handler
    String add(ObjectContext ctx, int more) {
      int count = ctx.get(COUNT).orElse(0) + more;
      ctx.set(COUNT, count);
      return ctx.key() + " " + ctx.get(COUNT).orElseThrow();
    }
  }

  private static AttemptStory shop(String handler, String input) {
    return AttemptStory.of(new Shop(), handler).replays(input(input));
  }

  @Test
  void aHandlerGetsItsInputAndItsOutputIsJson() {
    shop("order", "{\"item\":\"tea\",\"count\":2}")
        .begin()
        .writes(output("\"2 tea\""), end())
        .requestEnds()
        .ends();
  }

  @Test
  void anInputThatCannotBeReadEndsTheInvocationWith400() {
    var failure = shop("order", "{\"item\":").begin().next();
    assertThat(failure.body().toString()).contains("code: 400");
  }

  @Test
  void theResponseEndsOnlyAfterTheRequest() {
    AttemptStory story = shop("order", "{\"item\":\"tea\",\"count\":2}").begin();
    story.writes(output("\"2 tea\""), end());
    assertThat(story.services().runningAttempts()).isEqualTo(1);
    story.requestEnds().ends();
  }

  @Test
  void aStepIsExecutedOnceAndItsResultUsedWhenItIsDurable() {
    shop("pick", "")
        .begin()
        .writes(run(1, "pick"), propose(1, "1"))
        .says(runDone(1, "41"))
        .writes(output("41"), end())
        .requestEnds()
        .ends();
  }

  @Test
  void aReplayedStepIsNotExecuted() {
    var shop = new Shop();
    AttemptStory.of(shop, "pick")
        .replays(input(""), run(1, "pick"), runDone(1, "41"))
        .begin()
        .writes(output("41"), end())
        .requestEnds()
        .ends();
    assertThat(shop.executions).hasValue(0);
  }

  @Test
  void anAttemptSuspendsWhenItsRequestIsClosed() {
    AttemptStory story = shop("impatient", "").begin().requestEnds();
    assertThat(story.next().type()).isEqualTo(MessageType.SLEEP);
    story.writes(suspension(List.of(1), List.of(1, 17))).ends();
  }

  @Test
  void aTerminalFailureOfAStepReachesTheHandlerAfterItIsDurable() {
    shop("refuse", "")
        .begin()
        .writes(run(1, "charge"), proposeFailure(1, 402, "no money"))
        .says(runFailed(1, 402, "no money"))
        .writes(output("\"402 no money\""), end());
  }

  @Test
  void aFailingStepEndsTheAttemptWithTheRunsOwnPause() {
    ErrorMessage first = error(shop("flaky", "").begin(), run(1, "flaky"));
    assertThat(first.getNextRetryDelay()).isEqualTo(100);
    assertThat(first.getMessage()).contains("down");
    assertThat(first.getRelatedCommandType()).isEqualTo(MessageType.RUN);
    assertThat(first.getRelatedCommandIndex()).isEqualTo(1);

    ErrorMessage second = error(shop("flaky", "").replays(run(1, "flaky")).retried(1, 100).begin());
    assertThat(second.getNextRetryDelay()).isEqualTo(300);
  }

  @Test
  void aStepWhosePolicyIsExhaustedFailsTerminally() {
    shop("flaky", "")
        .replays(run(1, "flaky"))
        .retried(2, 400)
        .begin()
        .writes(proposeFailure(1, 500, "java.lang.IllegalStateException: down"));
  }

  @Test
  void anUnexpectedExceptionFailsTheAttemptAndLeavesTheRetryToTheServer() {
    ErrorMessage error = error(shop("crash", "").begin());
    assertThat(error.getCode()).isEqualTo(500);
    assertThat(error.getMessage()).isEqualTo("java.lang.IllegalStateException: bug");
    assertThat(error.getStacktrace()).contains("Shop.crash");
    assertThat(error.hasNextRetryDelay()).isFalse();
  }

  private static ErrorMessage error(AttemptStory story, ProtocolMessage... before) {
    story.writes(before);
    var error = (ErrorMessage) story.next().body();
    story.requestEnds().ends();
    return error;
  }

  @Test
  void stepsRunAtTheSameTimeAndTheirResultsKeepTheirOrder() {
    AttemptStory story = shop("parallel", "").begin();
    story.writes(run(1, "one"), run(2, "two"));
    assertThat(List.of(story.next(), story.next()))
        .containsExactlyInAnyOrder(propose(1, "1"), propose(2, "2"));
    story.says(runDone(2, "2")).says(runDone(1, "1")).writes(output("[1,2]"), end());
  }

  @Test
  void aHandlerEndsAfterTheStepsThatNobodyAwaits() {
    shop("forgotten", "").begin().writes(run(1, "mail"), propose(1, "1"), output(""), end());
  }

  @Test
  void whatDoesNotArriveInTimeIsNotWaitedFor() {
    AttemptStory story = shop("impatient", "").begin();
    assertThat(story.next().type()).isEqualTo(MessageType.SLEEP);
    story.says(sleepDone(1)).writes(output("\"too late\""), end());
  }

  @Test
  void aCancelledHandlerFailsWith409() {
    AttemptStory story = shop("impatient", "").begin();
    assertThat(story.next().type()).isEqualTo(MessageType.SLEEP);
    story.says(cancelled()).writes(outputFailure(409, "Cancelled"), end());
  }

  @Test
  void theContextRefusesToBeUsedInsideARun() {
    ErrorMessage error = error(shop("nested", "").begin(), run(1, "outer"));
    assertThat(error.getMessage()).contains("Expected", "inside of one");
  }

  @Test
  void theContextRefusesOtherThreads() {
    shop("notForOthers", "").begin().writes(outputFailure(418, "1"), end());
  }

  @Test
  void codeThatSwallowsTheEndOfItsAttemptCannotWriteMore() {
    var shop = new Shop();
    AttemptStory story = AttemptStory.of(shop, "swallow").replays(input("")).begin().requestEnds();
    assertThat(story.next().type()).isEqualTo(MessageType.SLEEP);
    story.writes(suspension(List.of(1), List.of(1))).ends();
    assertThat(shop.executions).hasValue(0);
  }

  @Test
  void aLostStreamInterruptsTheStepAndEndsTheAttemptThoughUserCodeGoesOn() throws Exception {
    var shop = new Shop();
    AttemptStory story = AttemptStory.of(shop, "stubborn").replays(input("")).begin();
    assertThat(shop.inStep.await(10, TimeUnit.SECONDS)).isTrue();

    story.attempt().abort();

    assertThat(shop.interrupted.await(10, TimeUnit.SECONDS)).isTrue();
    awaitEnd(story);
    assertThat(story.services().runningAttempts()).isZero();
  }

  private static void awaitEnd(AttemptStory story) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (story.services().runningAttempts() > 0 && System.nanoTime() < deadline) {
      Thread.onSpinWait();
    }
  }

  @Test
  void aTypeWithParametersIsReadBack() {
    shop("fields", "")
        .replays(run(1, "load"), runDone(1, "[{\"item\":\"tea\",\"count\":2}]"))
        .begin()
        .writes(output("\"tea\""), end());
  }

  @Test
  void aVirtualObjectCountsInItsState() {
    AttemptStory.of(new Counter(), "add")
        .replays(input("5"))
        .begin()
        .writes(
            getEagerNothing("count"),
            set("count", "5"),
            getEager("count", "5"),
            output("\"Ada 5\""),
            end());
  }

  @Test
  void aJournalThatIsTooLargeFailsTheAttempt() {
    AttemptStory story =
        AttemptStory.bounded(new Shop(), "order", 1000).replays(input("x".repeat(1001))).begin();
    assertThat(((ErrorMessage) story.next().body()).getMessage()).contains("at most 1000 bytes");
  }

  @Test
  void noMoreAttemptsThanAllowedArePrepared() {
    AttemptStory story = shop("order", "");
    assertThat(story.services().prepare("Shop", "order", 6, story)).isEmpty();
  }

  @Test
  void messagesThatAreNoFramesFailTheAttempt() {
    AttemptStory story = shop("impatient", "").begin();
    assertThat(story.next().type()).isEqualTo(MessageType.SLEEP);
    story.attempt().unreadable("Expected a frame of at most 3 bytes, but it has 4");
    assertThat(((ErrorMessage) story.next().body()).getCode()).isEqualTo(571);
  }

  @Service
  interface Greetings {
    @Handler
    String greet(String name);
  }

  @Service
  static class Porter {
    @Handler
    String welcome(Context ctx, String name) {
      return ctx.client(Greetings.class).greet(name) + "!";
    }

    @Handler
    String later(Context ctx, String name) {
      return ctx.remote(Greetings.class)
          .idempotencyKey("once")
          .header("x-from", "porter")
          .send(Duration.ofDays(1), it -> it.greet(name))
          .invocationId();
    }
  }

  @Test
  void aClientOfAnInterfaceCallsTheServiceByItsName() {
    AttemptStory story = AttemptStory.of(new Porter(), "welcome").replays(input("\"Ada\"")).begin();
    story
        .writes(call(2, "Greetings", "greet", "\"Ada\""))
        .says(called(1, "inv_2"))
        .says(callDone(2, "\"Hello Ada\""))
        .writes(output("\"Hello Ada!\""), end());
  }

  @Test
  void aRemoteSendsWithKeyHeadersAndDelay() {
    AttemptStory story = AttemptStory.of(new Porter(), "later").replays(input("\"Ada\"")).begin();
    var send = (OneWayCallCommandMessage) story.next().body();
    assertThat(send.getIdempotencyKey()).isEqualTo("once");
    assertThat(send.getHeaders(0).getValue()).isEqualTo("porter");
    assertThat(send.getInvokeTime()).isGreaterThan(System.currentTimeMillis());
    story.says(called(1, "inv_2")).writes(output("\"inv_2\""), end());
  }
}
