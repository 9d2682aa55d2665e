package dev.reprise.chaos;

import static dev.reprise.chaos.rig.Eventually.pause;

import dev.reprise.chaos.rig.IngressClient;
import dev.reprise.chaos.rig.IngressClient.Answer;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Clients that call, send and count without end, and write down what they were promised. Requests
 * with an idempotency key are repeated until they are answered; the others are asked once, and
 * their fate may stay unknown. The books are complete when {@link #stop} has returned.
 */
final class StormLoad {
  static final int COUNTERS = 5;
  static final int STEPS = 4;
  private static final Duration REQUEST = Duration.ofSeconds(15);
  private static final Duration BETWEEN = Duration.ofMillis(20);

  /** Long enough not to take the processor from a server that starts. */
  private static final Duration NOBODY_THERE = Duration.ofMillis(200);

  private static final Duration FATE = Duration.ofMinutes(1);

  /** A send that was accepted. */
  record Sent(String subject, String invocationId) {}

  /** A call that was answered. */
  record Called(String subject, String answer) {}

  /** What is known of one counter. */
  static final class CounterBook {
    final AtomicInteger acknowledged = new AtomicInteger();
    final AtomicInteger unknown = new AtomicInteger();

    /** Each answer is a number that no other add of this counter may be given. */
    final Map<Integer, String> answers = new ConcurrentHashMap<>();
  }

  final Queue<Sent> sends = new ConcurrentLinkedQueue<>();
  final Queue<Called> stepCalls = new ConcurrentLinkedQueue<>();
  final List<CounterBook> counters = new ArrayList<>();
  final Queue<String> wrong = new ConcurrentLinkedQueue<>();
  final LongAdder echoes = new LongAdder();
  final LongAdder unknown = new LongAdder();
  final LongAdder repeated = new LongAdder();

  private final IngressClient client;
  private final AtomicInteger drawn = new AtomicInteger();
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean stopping;

  StormLoad(IngressClient client) {
    this.client = client;
    for (int i = 0; i < COUNTERS; i++) {
      counters.add(new CounterBook());
    }
  }

  void start(int clients, SplittableRandom random) {
    for (int i = 0; i < clients; i++) {
      SplittableRandom own = random.split();
      threads.add(Thread.ofVirtual().name("client-" + i).start(() -> ask(own)));
    }
  }

  /** How many requests were acknowledged, of all kinds. */
  long acknowledged() {
    return echoes.sum()
        + sends.size()
        + stepCalls.size()
        + counters.stream().mapToInt(it -> it.acknowledged.get()).sum();
  }

  /** Lets every client finish what it has begun. */
  void stop() throws InterruptedException {
    stopping = true;
    for (Thread thread : threads) {
      if (!thread.join(FATE.plusSeconds(5))) {
        wrong.add("a client did not end in time");
      }
    }
  }

  private void ask(SplittableRandom random) {
    while (!stopping) {
      try {
        switch (random.nextInt(6)) {
          case 0 -> echo();
          case 1 -> send(random);
          case 2 -> takeSteps(random);
          case 3 -> addOnce(random);
          default -> addWithKey(random);
        }
      } catch (RuntimeException | AssertionError e) {
        wrong.add("Expected an answer, but: " + e);
      }
    }
  }

  private void echo() {
    String text = "\"" + fresh("echo") + "\"";
    Answer answer = once(client.to("echo/echo"), text);
    if (answer == null) {
      unknown.increment();
    } else if (answer.text().equals(text)) {
      echoes.increment();
    } else {
      wrong.add("echo of " + text + " was " + answer);
    }
  }

  private void send(SplittableRandom random) {
    String subject = fresh("send");
    String body = order(subject);
    if (random.nextBoolean()) {
      Answer answer = once(client.to("steps/take/send"), body);
      if (answer == null) {
        unknown.increment();
      } else {
        sends.add(new Sent(subject, answer.json().get("invocationId").asString()));
      }
      return;
    }
    String id = null;
    for (int i = 0; i <= random.nextInt(2); i++) {
      Answer answer = untilAnswered("steps/take/send", subject, body);
      String given = answer.json().get("invocationId").asString();
      if (id != null && !id.equals(given)) {
        wrong.add("send " + subject + " was " + id + ", then " + given);
      }
      id = given;
    }
    sends.add(new Sent(subject, String.valueOf(id)));
  }

  private void takeSteps(SplittableRandom random) {
    String subject = fresh("call");
    Answer answer = untilAnswered("steps/take", subject, order(subject));
    stepCalls.add(new Called(subject, answer.text()));
    repeat(random, "steps/take", subject, order(subject), answer);
  }

  private void addOnce(SplittableRandom random) {
    int number = random.nextInt(COUNTERS);
    Answer answer = once(client.to("counter/c" + number + "/add"), null);
    CounterBook book = counters.get(number);
    if (answer == null) {
      unknown.increment();
      book.unknown.incrementAndGet();
    } else {
      acknowledge(book, answer, "keyless");
    }
  }

  private void addWithKey(SplittableRandom random) {
    int number = random.nextInt(COUNTERS);
    String key = fresh("add");
    String path = "counter/c" + number + "/add";
    Answer answer = untilAnswered(path, key, null);
    acknowledge(counters.get(number), answer, key);
    repeat(random, path, key, null, answer);
  }

  private void acknowledge(CounterBook book, Answer answer, String who) {
    book.acknowledged.incrementAndGet();
    String other = book.answers.put(Integer.parseInt(answer.text()), who);
    if (other != null) {
      wrong.add(who + " was counted as " + answer.text() + ", and so was " + other);
    }
  }

  /** Now and then asks once more with the same key: the answer must be the first one. */
  private void repeat(
      SplittableRandom random, String path, String key, @Nullable String body, Answer first) {
    if (random.nextInt(4) > 0) {
      return;
    }
    Answer again = untilAnswered(path, key, body);
    repeated.increment();
    if (!again.text().equals(first.text()) || !again.invocationId().equals(first.invocationId())) {
      wrong.add("%s with key %s was %s, then %s".formatted(path, key, first, again));
    }
  }

  /** Null when nobody knows. Waits for a server that is not there. */
  private @Nullable Answer once(IngressClient.Request request, @Nullable String body) {
    IngressClient.Request bounded = request.within(REQUEST);
    long end = System.nanoTime() + FATE.toNanos();
    while (System.nanoTime() < end) {
      try {
        return checked(body == null ? bounded.post() : bounded.post(body));
      } catch (ConnectException e) {
        pause(NOBODY_THERE);
      } catch (IOException e) {
        return null;
      }
    }
    throw new AssertionError("nobody listened for " + FATE);
  }

  private Answer untilAnswered(String path, String key, @Nullable String body) {
    long end = System.nanoTime() + FATE.toNanos();
    while (System.nanoTime() < end) {
      Answer answer = once(client.to(path).idempotencyKey(key), body);
      if (answer != null) {
        return answer;
      }
      unknown.increment();
      pause(BETWEEN);
    }
    throw new AssertionError(path + " with key " + key + " was not answered within " + FATE);
  }

  /** Success, or null for "come again"; nothing else may be said to a correct request. */
  private @Nullable Answer checked(Answer answer) {
    if (answer.status() / 100 == 2) {
      return answer;
    }
    if (answer.status() != 503) {
      wrong.add("Expected success or 503, but got " + answer);
    }
    return null;
  }

  private static String order(String subject) {
    return "{\"subject\":\"" + subject + "\",\"steps\":" + STEPS + "}";
  }

  private String fresh(String kind) {
    return kind + "-" + drawn.incrementAndGet();
  }
}
