package dev.reprise.chaos;

import static dev.reprise.chaos.rig.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.chaos.rig.Ctl;
import dev.reprise.chaos.rig.IngressClient;
import dev.reprise.chaos.rig.ServerProcess;
import dev.reprise.chaos.rig.Storm;
import dev.reprise.cli.Restatectl;
import java.io.IOException;
import java.time.Duration;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** Every command of restatectl, against a real node. */
class CtlTest {
  private static final Duration SOON = Duration.ofSeconds(60);

  @RegisterExtension final Storm storm = new Storm();

  private final DoorServices.Doors doors = new DoorServices.Doors();
  private ServerProcess server;
  private IngressClient ingress;
  private Ctl ctl;
  private String endpoint = "";

  @BeforeEach
  void start() {
    server = storm.server();
    endpoint =
        "http://127.0.0.1:"
            + storm.serve(doors, new DoorServices.Approval(), new DoorServices.Notes()).port();
    ingress = server.ingress();
    ctl = new Ctl(server.admin().base().toString(), server.grpc());
  }

  @Test
  @Timeout(value = 5, unit = TimeUnit.MINUTES)
  void everyCommandIsWalked() throws Exception {
    walkDeployments();
    walkServices();
    walkInvocations();
    walkState();
    walkLimits();
    walkTheCluster();
    walkSnapshots();
    walkTheRest();

    assertThat(new TreeSet<>(Restatectl.commands())).isEqualTo(ctl.walked());
  }

  private void walkDeployments() {
    String id = ctl.json("deployments", "register", endpoint).path("id").stringValue();
    assertThat(ctl.text("deployments", "register", endpoint)).contains("already registered", id);
    assertThat(ctl.refused(1, "deployments", "register", "http://127.0.0.1:1"))
        .contains("META0003");
    assertThat(ctl.json("deployments", "list").path(0).path("id").stringValue()).isEqualTo(id);
    assertThat(ctl.text("deployments", "list")).contains(id, "doors");
    assertThat(ctl.json("dp", "describe", id).path("services")).hasSize(3);
    assertThat(ctl.text("deployments", "describe", id)).contains(id, "approval", "run");
    assertThat(ctl.refused(1, "deployments", "describe", "dp_no")).contains("dp_1…");
    JsonNode updated = ctl.json("deployments", "update", id, "--header", "x-a=b");
    assertThat(updated.path("additional_headers").path("x-a").stringValue()).isEqualTo("b");
    assertThat(ctl.refused(2, "deployments", "update", id)).contains("--uri");
    assertThat(ctl.refused(1, "deployments", "remove", id)).contains("HTTP 409");
  }

  private void walkServices() throws IOException {
    assertThat(ctl.json("services", "list")).hasSize(3);
    assertThat(ctl.text("service", "list")).contains("approval", "Workflow", "notes");
    assertThat(ctl.json("services", "describe", "doors").path("name").stringValue())
        .isEqualTo("doors");
    assertThat(ctl.text("services", "describe", "doors")).contains("greet", "inactivity timeout");
    assertThat(ctl.text("services", "edit", "doors", "--no-public")).contains("public");
    assertThat(ingress.to("doors/greet").post("\"Ada\"").status()).isEqualTo(400);
    JsonNode open = ctl.json("services", "edit", "doors", "--public", "--journal-retention", "1h");
    assertThat(open.path("public").booleanValue()).isTrue();
    assertThat(open.path("journal_retention").stringValue()).isEqualTo("1h");
    assertThat(ctl.refused(2, "services", "edit", "doors")).contains("--help");
    assertThat(ctl.run("services", "describe", "nobody").err()).contains("'nobody' does not exist");
  }

  private void walkInvocations() throws Exception {
    String waiting = ask();
    assertThat(ctl.json("invocations", "list").toString()).contains(waiting);
    assertThat(ctl.text("inv", "list", "--service", "doors")).contains(waiting, "suspended");
    assertThat(ctl.json("invocations", "describe", waiting).path("id").stringValue())
        .isEqualTo(waiting);
    assertThat(ctl.text("invocations", "describe", waiting))
        .contains("doors/ask", "Command: Input");
    assertThat(ctl.refused(1, "invocations", "describe", "inv_no")).contains("inv_no");
    assertThat(ctl.refused(2, "invocations", "list", "--limit", "0")).contains("--limit");

    assertThat(ctl.json("invocations", "pause", waiting).path(0).path("id").stringValue())
        .isEqualTo(waiting);
    eventually(SOON, () -> assertThat(ctl.text("inv", "list")).contains("paused"));
    assertThat(ctl.text("invocations", "resume", waiting)).contains("resume: done");
    assertThat(ctl.text("invocations", "cancel", waiting)).contains("cancel: ");
    assertThat(ingress.attach(waiting).status()).isEqualTo(409);
    String killed = ask();
    assertThat(ctl.text("invocations", "kill", killed)).contains("kill: done");
    assertThat(ctl.run("invocations", "kill", killed, "--json").exit()).isEqualTo(1);

    String ended = ingress.to("doors/greet").idempotencyKey("g").post("\"Ada\"").invocationId();
    JsonNode again = ctl.json("invocations", "restart", ended).path(0);
    assertThat(ingress.attach(again.path("new_id").stringValue()).expectText())
        .isEqualTo("\"Hello Ada\"");
    assertThat(ctl.text("invocations", "list", "--all")).contains(ended, "completed");
    assertThat(ctl.text("invocations", "purge", "--journal", ended)).contains("done");
    assertThat(ctl.text("invocations", "purge", ended)).contains("purge: done");
    assertThat(ctl.run("invocations", "purge", ended).exit()).isEqualTo(1);
  }

  /** An invocation that waits for an awakeable, with nothing running. */
  private String ask() throws Exception {
    String id =
        ingress.to("doors/ask/send").post().expectAccepted().path("invocationId").stringValue();
    doors.awakeable();
    eventually(SOON, () -> assertThat(server.admin().status("doors", id)).isEqualTo("suspended"));
    return id;
  }

  private void walkState() throws IOException {
    ingress.to("notes/k/write").post("\"old\"").expectStatus(200);
    assertThat(ctl.json("state", "get", "notes", "k").path("note").stringValue()).isEqualTo("old");
    assertThat(ctl.text("state", "get", "notes", "k")).contains("note", "old");
    assertThat(ctl.text("state", "edit", "notes", "k", "--set", "note=\"new\""))
        .contains("1 entry");
    eventually(
        SOON,
        () -> assertThat(ingress.to("notes/k/read").post().expectText()).isEqualTo("\"new\""));
    assertThat(ctl.refused(2, "state", "edit", "notes", "k", "--set", "note=x")).contains("JSON");
    assertThat(ctl.json("state", "clear", "notes", "k").has("done")).isTrue();
    eventually(
        SOON,
        () -> assertThat(ingress.to("notes/k/read").post().expectText()).isEqualTo("\"nothing\""));
  }

  private void walkLimits() {
    assertThat(ctl.json("limits", "set", "tenant/*", "--concurrency", "3").path("pattern"))
        .hasToString("\"tenant/*\"");
    assertThat(ctl.text("limits", "rules")).contains("tenant/*", "active");
    assertThat(ctl.json("limits", "rules")).hasSize(1);
    assertThat(ctl.json("limits", "list")).isEmpty();
    assertThat(ctl.text("limit", "list")).contains("no invocations in a scope");
    assertThat(ctl.refused(1, "limits", "set", "a/b/c/d", "--concurrency", "3")).contains("HTTP 4");
    assertThat(ctl.json("limits", "delete", "tenant/*")).hasSize(1);
  }

  private void walkTheCluster() {
    assertThat(ctl.json("status").path("nodes")).hasSize(1);
    assertThat(ctl.text("status")).contains("N1", "PARTITION");
    assertThat(ctl.refused(1, "provision")).contains("a node that is in no cluster");
    JsonNode node = ctl.json("nodes", "list").path(0);
    String name = node.path("name").stringValue();
    assertThat(ctl.text("node", "list")).contains(name, "alive");
    assertThat(ctl.json("nodes", "describe", name).path("id").stringValue()).isEqualTo("N1");
    assertThat(ctl.text("nodes", "describe", "1")).contains("partitions  0 (leads), 1 (leads)");
    assertThat(ctl.refused(1, "nodes", "describe", "n9")).contains("[" + name + "]", "nodes list");
    assertThat(ctl.refused(1, "nodes", "drain", "N1")).contains("the last one that is active");
    assertThat(ctl.text("nodes", "drain", "N1", "--undo")).contains("active");
    assertThat(ctl.refused(1, "nodes", "remove", "N1")).contains("drain it first");
    assertThat(ctl.json("partitions", "list")).hasSize(2);
    assertThat(ctl.text("partition", "list")).contains("N1");
    assertThat(ctl.json("partitions", "describe", "1").path("leader").stringValue())
        .isEqualTo("N1");
    assertThat(ctl.text("partitions", "describe", "0")).contains("leads", "N1.1");
    assertThat(ctl.refused(1, "partitions", "describe", "7")).contains("a partition below 2");
    assertThat(ctl.text("partitions", "transfer", "0", "--to", "N1")).contains("is led by N1");
    assertThat(ctl.refused(1, "partitions", "transfer", "7", "--to", "N1")).contains("below 2");
    assertThat(ctl.refused(1, "partitions", "rebuild", "0", "--node", "N1"))
        .contains("this is the only one");
    assertThat(ctl.json("partition", "leader", "pin", "0", "--node", "1").path("leader"))
        .hasToString("\"N1\"");
    assertThat(ctl.json("partitions", "leader", "pin", "0", "--node", "1")).isNotEmpty();
  }

  /** What is in a snapshot need not be told again after a crash. */
  private void walkSnapshots() throws IOException {
    for (int i = 0; i < 50; i++) {
      ingress.to("notes/k" + i + "/write").post("\"x\"").expectStatus(200);
    }
    JsonNode taken = ctl.json("snapshots", "create");
    assertThat(taken).hasSize(2);
    assertThat(taken.path(0).path("files").intValue()).isPositive();
    JsonNode listed = ctl.json("snapshots", "list");
    for (int partition = 0; partition < 2; partition++) {
      long index = taken.path(partition).path("snapshot_index").longValue();
      assertThat(index).isPositive();
      assertThat(listed.path(partition).path("snapshot_index").longValue())
          .isGreaterThanOrEqualTo(index);
    }
    server.kill();
    server.restart();
    assertThat(server.replayed()).as("entries that were told again").isLessThan(20);
    assertThat(ctl.text("snapshots", "list")).contains("LOG FROM", "open");
    assertThat(ctl.text("snapshot", "create-snapshot", "--partition-id", "1")).contains("taken");
    assertThat(ctl.refused(1, "snapshots", "create", "9")).contains("a partition below 2");
  }

  private void walkTheRest() {
    assertThat(ctl.json("config", "get").path("num_partitions").intValue()).isEqualTo(2);
    assertThat(ctl.json("config", "set", "--yes", "--partition-replication", "2"))
        .hasToString(ctl.json("config", "get").toString());
    assertThat(ctl.text("config", "get")).contains("partition-replication", "2");
    assertThat(ctl.text("config", "set", "--yes", "--partition-replication", "{node: 0}"))
        .contains("as many as there are nodes");
    assertThat(ctl.refused(1, "config", "set", "--yes", "--partition-replication", "9"))
        .contains("from 1 to 7");
    assertThat(ctl.refused(2, "config", "set", "--yes")).contains("--partition-replication");
    assertThat(ctl.text("completion")).contains("complete -", "partitions");
    assertThat(ctl.refused(2, "completion", "fish")).contains("bash or zsh");
    String id = ctl.json("deployments", "list").path(0).path("id").stringValue();
    assertThat(ctl.json("deployments", "remove", "--force", id).path(0).path("id").stringValue())
        .isEqualTo(id);
    assertThat(ctl.text("services", "list")).contains("no services");
  }

  @Test
  @Timeout(value = 2, unit = TimeUnit.MINUTES)
  void aWatcherGoesOnWhileItsServerIsAway() throws Exception {
    var looks = new java.io.StringWriter();
    var problems = new java.io.StringWriter();
    Thread watcher =
        Thread.ofPlatform()
            .start(
                () ->
                    Restatectl.run(
                        new java.io.PrintWriter(looks, true),
                        new java.io.PrintWriter(problems, true),
                        "--grpc",
                        server.grpc(),
                        "nodes",
                        "list",
                        "--watch",
                        "1"));
    eventually(SOON, () -> assertThat(looks.toString()).contains("alive"));
    server.kill();
    eventually(SOON, () -> assertThat(problems.toString()).contains("no server answers"));
    int before = looks.toString().length();
    server.restart();
    eventually(SOON, () -> assertThat(looks.toString().substring(before)).contains("alive"));

    watcher.interrupt();
    watcher.join(Duration.ofSeconds(30));
    assertThat(watcher.isAlive()).isFalse();
  }
}
