package dev.reprise.chaos;

import dev.reprise.chaos.rig.Eventually;
import dev.reprise.chaos.rig.IngressClient;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.Supplier;

/**
 * Clients that add to counters, each add under an idempotency key and asked for until it is
 * answered: in the end each counter is exactly what was added to it.
 */
final class Adds {
  static final int COUNTERS = 12;
  private static final Duration REQUEST = Duration.ofSeconds(10);
  private static final Duration BETWEEN = Duration.ofMillis(50);
  private static final Duration FATE = Duration.ofMinutes(2);

  private final Supplier<IngressClient> clients;
  private final AtomicIntegerArray added = new AtomicIntegerArray(COUNTERS);
  private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean stopping;

  /**
   * @param clients whom to ask next; any thread
   */
  Adds(Supplier<IngressClient> clients) {
    this.clients = clients;
  }

  void start(int many, SplittableRandom random) {
    for (int i = 0; i < many; i++) {
      SplittableRandom own = random.split();
      int client = i;
      threads.add(Thread.ofVirtual().name("adds-" + i).start(() -> add(client, own)));
    }
  }

  private void add(int client, SplittableRandom random) {
    for (int number = 0; !stopping; number++) {
      int counter = random.nextInt(COUNTERS);
      if (!addOnce(counter, "add-" + client + "-" + number + "-" + random.nextLong())) {
        return;
      }
      added.incrementAndGet(counter);
    }
  }

  /** Asks until it is done; false, with a complaint, when that takes too long. */
  private boolean addOnce(int counter, String key) {
    long end = System.nanoTime() + FATE.toNanos();
    String last = "nothing";
    while (System.nanoTime() < end) {
      try {
        var answer =
            clients
                .get()
                .to("counter/c" + counter + "/add")
                .idempotencyKey(key)
                .within(REQUEST)
                .post();
        if (answer.status() == 200) {
          return true;
        }
        last = answer.toString();
        // A node that was away does not know the service for some seconds.
        if (answer.status() < 500 && answer.status() != 404) {
          break;
        }
      } catch (IOException e) {
        last = e.toString();
      }
      Eventually.pause(BETWEEN);
    }
    wrong.add("Expected an add to be done, but got " + last);
    return false;
  }

  /** How many were acknowledged. */
  int acknowledged() {
    int sum = 0;
    for (int counter = 0; counter < COUNTERS; counter++) {
      sum += added.get(counter);
    }
    return sum;
  }

  /** Waits until so many more were acknowledged. */
  void await(int more) {
    int before = acknowledged();
    Eventually.eventually(
        FATE,
        () -> {
          expectNothingWrong();
          if (acknowledged() < before + more) {
            throw new AssertionError(
                "Expected " + more + " adds, but " + (acknowledged() - before));
          }
        });
  }

  /** Lets every client finish what it has begun. */
  void stop() throws InterruptedException {
    stopping = true;
    for (Thread thread : threads) {
      if (!thread.join(FATE.plusSeconds(15))) {
        wrong.add("a client did not end in time");
      }
    }
    expectNothingWrong();
  }

  private void expectNothingWrong() {
    if (!wrong.isEmpty()) {
      throw new AssertionError(wrong.toString());
    }
  }

  /** Each counter is what was added to it, whoever is asked. */
  void expectExact(Map<String, IngressClient> doors) {
    doors.forEach(
        (name, door) -> {
          for (int counter = 0; counter < COUNTERS; counter++) {
            String path = "counter/c" + counter + "/read";
            String said =
                Eventually.eventually(
                    FATE, () -> door.to(path).within(REQUEST).post().expectText());
            if (Integer.parseInt(said) != added.get(counter)) {
              throw new AssertionError(
                  "Expected counter %d to be %d by %s, but it is %s"
                      .formatted(counter, added.get(counter), name, said));
            }
          }
        });
  }
}
