package dev.reprise.chaos.nodes;

import static dev.reprise.chaos.rig.Eventually.eventually;
import static dev.reprise.chaos.rig.Eventually.pause;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.api.admin.v1.AdminGrpc;
import dev.reprise.api.admin.v1.AdminGrpc.AdminBlockingStub;
import dev.reprise.api.admin.v1.ClusterDescription;
import dev.reprise.api.admin.v1.DescribeInvocationRequest;
import dev.reprise.api.admin.v1.GetStateRequest;
import dev.reprise.chaos.rig.AdminClient;
import dev.reprise.chaos.rig.IngressClient;
import dev.reprise.chaos.rig.IngressClient.Answer;
import dev.reprise.chaos.rig.JavaProcess;
import dev.reprise.chaos.rig.Neighbours;
import dev.reprise.chaos.rig.Storm;
import dev.reprise.sdk.Awakeable;
import dev.reprise.sdk.Context;
import dev.reprise.sdk.Handler;
import dev.reprise.sdk.ObjectContext;
import dev.reprise.sdk.Service;
import dev.reprise.sdk.Shared;
import dev.reprise.sdk.SharedObjectContext;
import dev.reprise.sdk.StateKey;
import dev.reprise.sdk.VirtualObject;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A leader's process is held (SIGSTOP) until another node leads, and let go while it is asked. Its
 * tables are old, and for a moment it believes that it leads: what the API calls current it must
 * not answer from them.
 */
class HeldLeaderTest {
  private static final int ROUNDS = 5;
  private static final Duration SOON = Duration.ofMinutes(3);
  private static final Duration ANSWER = Duration.ofSeconds(60);

  /** For what is asked of the held one to be in its sockets. */
  private static final Duration ARRIVED = Duration.ofMillis(300);

  private static final Duration BETWEEN = Duration.ofMillis(20);
  private static final String OUTPUT = "output \"open\"";
  private static final String STATUS = "status completed";

  /** How long the old leader is asked after it was let go. */
  private static final Duration ASKED = Duration.ofMillis(700);

  @RegisterExtension final Storm storm = new Storm();

  /** Remembers one value per key. */
  @VirtualObject("register")
  static class Register {
    private static final StateKey<String> VALUE = StateKey.of("value", String.class);

    @Handler
    public void write(ObjectContext ctx, String value) {
      ctx.set(VALUE, value);
    }

    @Shared
    public String read(SharedObjectContext ctx) {
      return ctx.get(VALUE).orElse("");
    }
  }

  /** Waits until somebody opens. */
  @Service("gate")
  static class Gate {
    final Map<String, String> awakeables = new ConcurrentHashMap<>();

    @Handler
    public String pass(Context ctx, String name) {
      Awakeable<String> opened = ctx.awakeable(String.class);
      awakeables.put(name, opened.id());
      return opened.await();
    }
  }

  @Test
  @Timeout(value = 15, unit = TimeUnit.MINUTES)
  void nothingThatIsCalledCurrentIsOldWhenAHeldLeaderGoesOn() throws Exception {
    Neighbours nodes = storm.add(new Neighbours(storm.directory(), "demo", 3));
    nodes.launchAll("--partitions", "1");
    nodes.await(1, SOON, "three copies", it -> Neighbours.isWholeOn(it, 1, 2, 3));
    Gate gate = new Gate();
    nodes.admin(1).register(storm.serve(new Register(), gate).uri());
    for (int node = 2; node <= 3; node++) {
      AdminClient admin = nodes.admin(node);
      eventually(SOON, () -> assertThat(admin.deployments()).contains("register"));
    }

    int current = 0;
    for (int round = 1; round <= ROUNDS; round++) {
      current += holdAndAsk(nodes, gate, round);
    }

    assertThat(current).as("answers, all of them current").isPositive();
  }

  /** Returns how many answers the old leader gave. */
  private int holdAndAsk(Neighbours nodes, Gate gate, int round) throws Exception {
    int held = leader(nodes);
    int other = held % 3 + 1;
    write(nodes, other, round, "before");
    String waiting =
        eventually(
            SOON,
            () ->
                nodes
                    .ingress(other)
                    .to("gate/pass/send")
                    .idempotencyKey("gate-" + round)
                    .post("\"" + round + "\"")
                    .expectAccepted()
                    .required("invocationId")
                    .asString());
    eventually(SOON, () -> assertThat(gate.awakeables).containsKey("" + round));
    JavaProcess process = nodes.process(held);
    try (Asked old = new Asked(nodes, held, waiting)) {
      assertThat(old.state()).isEqualTo("\"before-" + round + "\"");

      process.signal("STOP");
      long begin = System.nanoTime();
      write(nodes, other, round, "after");
      open(nodes, other, gate, round, waiting);
      storm.say(
          "round %d: %d was held, and after %d ms another led",
          round, held, (System.nanoTime() - begin) / 1_000_000);
      List<CompletableFuture<String>> answers = new ArrayList<>();
      // These are there when it goes on.
      old.askAll(answers);
      pause(ARRIVED);
      process.signal("CONT");
      for (long end = System.nanoTime() + ASKED.toNanos(); System.nanoTime() < end; ) {
        old.askAll(answers);
        pause(BETWEEN);
      }
      return judged(answers, round);
    } finally {
      process.signal("CONT");
    }
  }

  private int judged(List<CompletableFuture<String>> answers, int round) throws Exception {
    Map<String, Integer> seen = new TreeMap<>();
    for (CompletableFuture<String> answer : answers) {
      seen.merge(answer.get(ANSWER.toSeconds() * 2, TimeUnit.SECONDS), 1, Integer::sum);
    }
    storm.say("round %d: %s", round, seen);
    Set<String> current =
        Set.of("state \"after-" + round + "\"", "read \"after-" + round + "\"", OUTPUT, STATUS);
    assertThat(seen.keySet())
        .allSatisfy(
            it -> assertThat(current.contains(it) || it.startsWith("refused")).as(it).isTrue());
    return seen.entrySet().stream()
        .filter(it -> current.contains(it.getKey()))
        .mapToInt(Map.Entry::getValue)
        .sum();
  }

  private static int leader(Neighbours nodes) {
    ClusterDescription seen =
        nodes.await(
            1,
            SOON,
            "a leader and three copies that are open",
            it -> Neighbours.isWholeOn(it, 1, 2, 3));
    int id = seen.getPartitions(0).getLeader();
    String name =
        seen.getNodesList().stream()
            .filter(it -> it.getId() == id)
            .findFirst()
            .orElseThrow()
            .getName();
    return Integer.parseInt(name.substring(1));
  }

  /** As a client does that repeats what was not done. */
  private static void write(Neighbours nodes, int node, int round, String when) {
    eventually(
        SOON,
        () ->
            nodes
                .ingress(node)
                .to("register/k/write")
                .idempotencyKey(when + round)
                .post("\"" + when + "-" + round + "\"")
                .expectText());
  }

  private static void open(Neighbours nodes, int node, Gate gate, int round, String waiting) {
    String awakeable = gate.awakeables.get("" + round);
    eventually(
        SOON,
        () ->
            nodes
                .ingress(node)
                .to("restate/awakeables/" + awakeable + "/resolve")
                .post("\"open\"")
                .expectStatus(202));
    eventually(SOON, () -> assertThat(nodes.ingress(node).output(waiting).status()).isEqualTo(200));
  }

  /** Asks one node whatever it calls current; each answer says of what it is. */
  private static final class Asked implements AutoCloseable {
    private final Neighbours nodes;
    private final int node;
    private final String waiting;
    private final ManagedChannel channel;

    Asked(Neighbours nodes, int node, String waiting) {
      this.nodes = nodes;
      this.node = node;
      this.waiting = waiting;
      this.channel = NettyChannelBuilder.forTarget(nodes.grpc(node)).usePlaintext().build();
    }

    void askAll(List<CompletableFuture<String>> answers) {
      IngressClient ingress = nodes.ingress(node);
      answers.add(ask(() -> "state " + state()));
      answers.add(ask(() -> "status " + status()));
      answers.add(ask(() -> said("read", ingress.to("register/k/read").within(ANSWER).post())));
      answers.add(
          ask(() -> said("output", ingress.to("restate/output/" + waiting).within(ANSWER).get())));
    }

    private static CompletableFuture<String> ask(Callable<String> question) {
      CompletableFuture<String> answer = new CompletableFuture<>();
      Thread.ofVirtual()
          .start(
              () -> {
                try {
                  answer.complete(question.call());
                } catch (StatusRuntimeException | IOException e) {
                  answer.complete("refused: " + e.getMessage());
                } catch (Exception e) {
                  answer.completeExceptionally(e);
                }
              });
      return answer;
    }

    /** Whoever does not know, or does not lead, says so with a 503. */
    private static String said(String what, Answer answer) {
      return answer.status() == 503
          ? "refused: 503"
          : answer.status() == 200 ? what + " " + answer.text() : what + " " + answer;
    }

    String state() {
      return stub()
          .getState(GetStateRequest.newBuilder().setService("register").setKey("k").build())
          .getEntries(0)
          .getValue()
          .toStringUtf8();
    }

    private String status() {
      return stub()
          .describeInvocation(DescribeInvocationRequest.newBuilder().setId(waiting).build())
          .getInfo()
          .getStatus();
    }

    private AdminBlockingStub stub() {
      return AdminGrpc.newBlockingStub(channel)
          .withDeadlineAfter(ANSWER.toSeconds(), TimeUnit.SECONDS);
    }

    @Override
    public void close() {
      channel.shutdownNow();
    }
  }
}
