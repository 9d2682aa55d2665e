package dev.reprise.chaos.run;

import static dev.reprise.chaos.rig.Eventually.eventually;
import static dev.reprise.chaos.rig.Eventually.pause;

import dev.reprise.api.admin.v1.InvocationInfo;
import dev.reprise.chaos.check.Verdict;
import dev.reprise.chaos.fault.Course;
import dev.reprise.chaos.fault.LeaderKills;
import dev.reprise.chaos.fault.Scheduler;
import dev.reprise.chaos.fault.Targets;
import dev.reprise.chaos.history.Act;
import dev.reprise.chaos.history.History;
import dev.reprise.chaos.rig.Cluster;
import dev.reprise.chaos.rig.ServiceProcess;
import dev.reprise.chaos.workload.Client;
import dev.reprise.chaos.workload.Registrations;
import dev.reprise.chaos.workload.Workload;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;

/**
 * One run: clients begin, the storm blows, it ends, everything must end, everything is looked at,
 * everything is judged. Used once.
 */
public final class ChaosRun implements Client.Weather {
  private static final Duration CALM_BEFORE = Duration.ofSeconds(3);
  private static final Duration REGISTER_EVERY = Duration.ofSeconds(4);

  private final Plan plan;
  private final Cluster cluster;
  private final ServiceProcess services;
  private final URI endpoint;
  private final History history;
  private final SplittableRandom random;
  private final AtomicInteger clients = new AtomicInteger();
  private final Client.Surroundings surroundings;
  private final Registrations registrations;

  private volatile boolean over;
  private volatile long answeredBy = Long.MAX_VALUE;

  /** Of a cluster and services that run; closed by the caller, with the history. */
  public ChaosRun(Plan plan, Cluster cluster, ServiceProcess services, History history) {
    this.plan = plan;
    this.cluster = cluster;
    this.services = services;
    this.endpoint = cluster.fromWithin(services.uri());
    this.history = history;
    this.random = new SplittableRandom(plan.seed());
    this.surroundings = new Client.Surroundings(cluster, history, this, plan.clients().request());
    this.registrations = new Registrations(cluster, history, endpoint);
  }

  @Override
  public boolean over() {
    return over;
  }

  @Override
  public boolean mustBeAnswered() {
    return history.now() > answeredBy;
  }

  /** Runs it to its end. */
  public Outcome run() throws IOException, InterruptedException {
    cluster.admin(0).register(endpoint);
    eventually(plan.patience(), this::everyNodeKnowsTheServices);
    Course course = course();
    plan.workloads().forEach(it -> it.prepare(client()));
    List<Thread> threads = start();
    pause(CALM_BEFORE);
    List<String> down = blow(course);
    over = true;
    answeredBy = history.now() + plan.patience().toNanos();
    for (Thread thread : threads) {
      if (!thread.join(plan.patience().plusSeconds(30))) {
        surroundings.surprises().add("a client did not end: " + thread.getName());
      }
    }
    forEachWorkload(Workload::release);
    List<String> stuck = settle();
    forEachWorkload(Workload::conclude);
    try {
      registrations.look();
    } catch (IOException e) {
      surroundings.surprises().add("deployments cannot be listed: " + e);
    }
    return new Outcome(plan, history.acts(), course.strikes(), judge(stuck, down, different()));
  }

  private void everyNodeKnowsTheServices() throws IOException {
    for (int node = 0; node < cluster.size(); node++) {
      if (!cluster.admin(node).deployments().contains(endpoint.toString())) {
        throw new AssertionError("Expected node " + node + " to know the services");
      }
    }
  }

  private Course course() {
    Targets targets = new Targets(cluster, services, plan.patience());
    SplittableRandom own = random.split();
    return plan.kills() > 0
        ? new LeaderKills(targets, plan.kills(), own, history::now)
        : new Scheduler(targets, plan.faults(), plan.storm(), own, history::now);
  }

  /** What kept the nodes from serving again. */
  private List<String> blow(Course course) {
    try {
      course.blow();
      return List.of();
    } catch (AssertionError e) {
      System.out.println("[storm] ends early: " + e.getMessage());
      for (int node = 0; node < cluster.size(); node++) {
        // So that as much as possible can still be looked at.
        cluster.start(node);
      }
      return List.of(String.valueOf(e.getMessage()));
    }
  }

  private Client client() {
    return new Client(surroundings, clients.getAndIncrement(), random.split());
  }

  private List<Thread> start() {
    List<Thread> threads = new ArrayList<>();
    for (Workload workload : plan.workloads()) {
      for (int i = 0; i < plan.clients().number(); i++) {
        Client client = client();
        threads.add(
            Thread.ofVirtual().name(workload.name() + "-" + i).start(() -> work(workload, client)));
      }
    }
    SplittableRandom own = random.split();
    threads.add(Thread.ofVirtual().name("registrations").start(() -> registerNowAndThen(own)));
    return threads;
  }

  private void work(Workload workload, Client client) {
    long most = plan.clients().pace().toNanos() * 2;
    while (!over) {
      try {
        workload.turn(client);
      } catch (RuntimeException | AssertionError e) {
        surroundings.surprises().add(workload.name() + " failed: " + e);
      }
      pause(Duration.ofNanos(client.random().nextLong(most)));
    }
  }

  private void registerNowAndThen(SplittableRandom own) {
    while (!over) {
      registrations.register(own);
      pause(REGISTER_EVERY);
    }
  }

  private void forEachWorkload(BiConsumer<Workload, Client> what) throws InterruptedException {
    answeredBy = history.now() + plan.patience().toNanos();
    List<Thread> threads = new ArrayList<>();
    for (Workload workload : plan.workloads()) {
      Client client = client();
      threads.add(
          Thread.ofVirtual()
              .name(workload.name() + "-end")
              .start(
                  () -> {
                    try {
                      what.accept(workload, client);
                    } catch (RuntimeException | AssertionError e) {
                      surroundings.surprises().add(workload.name() + " failed: " + e);
                    }
                  }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
  }

  /** Waits until nothing is open any more; what is stuck. */
  private List<String> settle() {
    try {
      eventually(
          plan.patience(),
          () -> {
            List<String> open = open();
            if (!open.isEmpty()) {
              throw new AssertionError(open);
            }
          });
      return List.of();
    } catch (AssertionError e) {
      return List.of(String.valueOf(e.getMessage()));
    }
  }

  /** What differs between copies, once each has everything. */
  private List<String> different() {
    try {
      cluster.awaitWhole(plan.patience());
      return cluster.differences();
    } catch (AssertionError | StatusRuntimeException e) {
      return List.of("Expected copies to compare, but: " + e);
    }
  }

  private List<String> open() {
    List<String> open = new ArrayList<>();
    for (int node = 0; node < cluster.size(); node++) {
      for (InvocationInfo it : cluster.admin(node).open("")) {
        open.add(
            "%s %s is %s %s"
                .formatted(it.getId(), it.getTarget(), it.getStatus(), it.getWaitingFor()));
      }
    }
    return open.stream().distinct().toList();
  }

  private List<Verdict> judge(List<String> stuck, List<String> down, List<String> different) {
    List<Act> acts = history.acts();
    List<Verdict> verdicts = new ArrayList<>();
    for (Workload workload : plan.workloads()) {
      List<Act> own = acts.stream().filter(it -> it.workload().equals(workload.name())).toList();
      verdicts.addAll(workload.judge(own));
    }
    verdicts.addAll(Registrations.judge(acts));
    verdicts.add(
        Verdict.of("nodes and copies are whole again after each fault", acts.size(), down));
    verdicts.add(Verdict.of("every copy has the same state", acts.size(), different));
    verdicts.add(Verdict.of("nothing is stuck", acts.size(), stuck));
    verdicts.add(
        Verdict.of(
            "each answer is one that may be given",
            acts.size(),
            List.copyOf(surroundings.surprises())));
    return verdicts;
  }
}
