package dev.reprise.server.internode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.cluster.partition.Ingress.Answer;
import dev.reprise.storage.model.NewInvocation;
import dev.reprise.storage.model.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** Clients at all nodes that count up a few counters, and note every answer. */
final class Load {
  private final Town town;
  private final int keys;
  private final List<Client> clients = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private final AtomicInteger answered = new AtomicInteger();
  private final Map<String, List<Integer>> counted = new ConcurrentHashMap<>();
  private final List<Answer> others = new CopyOnWriteArrayList<>();
  private final List<Throwable> failures = new CopyOnWriteArrayList<>();
  private final String name = "load" + System.nanoTime() + "-";
  private volatile boolean stopped;

  Load(Town town, int clients, int keys) {
    this.town = town;
    this.keys = keys;
    for (int i = 0; i < clients; i++) {
      this.clients.add(new Client(i));
    }
  }

  private final class Client implements Runnable {
    private final int number;
    private volatile TownNode door;

    Client(int number) {
      this.number = number;
      this.door = town.node(number % 3);
    }

    @Override
    public void run() {
      try {
        for (int i = 0; !stopped; i++) {
          ask(name + "k" + (number + i) % keys);
        }
      } catch (RuntimeException e) {
        failures.add(e);
      }
    }

    private void ask(String key) {
      NewInvocation asked = town.services().make("add", key, "");
      TownNode at = door;
      var answer = at.call(asked);
      at.whenKilled(() -> answer.cancel(false));
      Answer given;
      try {
        given = answer.join();
      } catch (java.util.concurrent.CancellationException e) {
        // Its node died: the same request goes to another one.
        given = door.call(asked).join();
      }
      note(key, given);
      answered.incrementAndGet();
    }
  }

  private void note(String key, Answer answer) {
    if (answer instanceof Answer.Ended ended
        && ended.completed().outcome() instanceof Outcome.Success success) {
      counted
          .computeIfAbsent(key, it -> new CopyOnWriteArrayList<>())
          .add(Integer.parseInt(success.value().toUtf8()));
    } else {
      others.add(answer);
    }
  }

  void start() {
    clients.forEach(it -> threads.add(Thread.ofVirtual().start(it)));
  }

  /** Clients at this node go elsewhere with their next request. */
  void leave(TownNode node) {
    for (Client client : clients) {
      if (client.door == node) {
        client.door = town.otherThan(node);
      }
    }
  }

  int answered() {
    return answered.get();
  }

  void stop() throws InterruptedException {
    stopped = true;
    for (Thread thread : threads) {
      thread.join();
    }
  }

  /** Each counter was counted up once for each answer, and nobody was told anything else. */
  void check() {
    assertThat(failures).isEmpty();
    assertThat(others).isEmpty();
    counted.forEach(
        (key, values) ->
            assertThat(values.stream().sorted().toList())
                .as(key)
                .isEqualTo(IntStream.rangeClosed(1, values.size()).boxed().toList()));
  }
}
