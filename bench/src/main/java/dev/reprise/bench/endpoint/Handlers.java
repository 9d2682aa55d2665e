package dev.reprise.bench.endpoint;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.reprise.api.MessageType;

/**
 * What the handlers do. Each is called again whenever something arrived, with the number of journal
 * commands already there, and goes on from where that number puts it.
 */
final class Handlers {
  private static final byte[] COUNT = "count".getBytes(US_ASCII);
  private static final byte[] STEP = "step".getBytes(US_ASCII);
  private static final byte[] STEP_RESULT = "\"step-result\"".getBytes(US_ASCII);
  private static final byte[] DONE = "\"done\"".getBytes(US_ASCII);
  private static final byte[] NOTHING = {};
  private static final int DEFAULT_STEPS = 10;
  private static final int MAX_STEPS = 1000;

  private Handlers() {}

  static void echo(Attempt attempt) {
    attempt.succeed(attempt.input());
  }

  static void steps(Attempt attempt) {
    long asked = Digits.first(attempt.input());
    int steps = asked == 0 ? DEFAULT_STEPS : (int) Math.min(asked, MAX_STEPS);
    for (int step = 1; step <= steps; step++) {
      if (attempt.completed(step)) {
        continue;
      }
      if (attempt.commands() < step) {
        attempt.write().varint(11, step).bytes(12, STEP);
        attempt.command(MessageType.RUN);
      }
      attempt.propose(step, STEP_RESULT);
      // The result stands only once the server says that it is journaled.
      if (!attempt.await(step)) {
        return;
      }
    }
    attempt.succeed(DONE);
  }

  static void counterAdd(Attempt attempt) {
    if (!readCount(attempt)) {
      return;
    }
    byte[] next = decimal(Digits.first(attempt.state()) + 1);
    if (attempt.commands() < 2) {
      attempt.write().bytes(1, COUNT).value(3, next);
      attempt.command(MessageType.SET_STATE);
    }
    attempt.succeed(next);
  }

  static void counterGet(Attempt attempt) {
    if (readCount(attempt)) {
      attempt.succeed(decimal(Digits.first(attempt.state())));
    }
  }

  private static boolean readCount(Attempt attempt) {
    boolean lazy = !attempt.hasState() && attempt.partialState();
    if (attempt.commands() < 1) {
      attempt.write().bytes(1, COUNT);
      if (lazy) {
        attempt.write().varint(11, 1);
        attempt.command(MessageType.GET_LAZY_STATE);
      } else {
        if (attempt.hasState()) {
          attempt.write().value(14, attempt.state());
        } else {
          attempt.write().bytes(13, NOTHING);
        }
        attempt.command(MessageType.GET_EAGER_STATE);
      }
    }
    return !lazy || attempt.await(1);
  }

  static void fan(Attempt attempt) {
    if (attempt.commands() < 1) {
      attempt
          .write()
          .bytes(1, attempt.mode().serviceName(Handler.ECHO.service()).getBytes(US_ASCII))
          .bytes(2, Handler.ECHO.handlerName().getBytes(US_ASCII))
          .bytes(3, attempt.input())
          .varint(10, 1)
          .varint(11, 2);
      attempt.command(MessageType.CALL);
    }
    if (attempt.await(2)) {
      attempt.succeed(attempt.callResult());
    }
  }

  static void sleep(Attempt attempt) {
    if (attempt.commands() < 1) {
      long wakeUpAt = System.currentTimeMillis() + Digits.first(attempt.input());
      attempt.write().varint(1, wakeUpAt).varint(11, 1);
      attempt.command(MessageType.SLEEP);
    }
    if (attempt.completed(1)) {
      attempt.succeed(NOTHING);
    } else {
      attempt.suspend(1);
    }
  }

  static void sink(Attempt attempt) {
    if (attempt.sink().take(attempt)) {
      attempt.succeed(NOTHING);
    }
  }

  private static byte[] decimal(long number) {
    return Long.toString(number).getBytes(US_ASCII);
  }
}
