package dev.reprise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ServerSocket;
import java.time.Instant;
import java.time.InstantSource;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The command line against a server that answers as the real one does. */
class RestatectlTest {
  private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");
  private static final String DEPLOYMENTS =
      """
      {"deployments":[{"id":"dp_1aaaaaaaaaaaaaaaaaaaaaa","uri":"http://one:9080/",\
      "protocol_type":"BidiStream","sdk_version":"sdk/1","created_at":"2026-11-22T09:57:00.000000000Z",\
      "services":[{"name":"Counter","revision":2},{"name":"Greeter","revision":1}]}]}""";
  private static final String REGISTERED =
      """
      {"id":"dp_1aaaaaaaaaaaaaaaaaaaaaa","services":[{"name":"Greeter","ty":"Service","revision":1,\
      "handlers":[{"name":"bye"},{"name":"greet"}]}]}""";

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private CannedServer server;

  @BeforeEach
  void start() throws IOException {
    server = new CannedServer(NOW, DEPLOYMENTS);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void theVersionIsTheBuilds() {
    assertThat(run("--version")).isZero();
    assertThat(out.toString()).matches("restatectl \\d+\\.\\d+\\.\\d+.*\\R");
  }

  @Test
  void deploymentsAreListedAsATable() {
    assertThat(run("deployments", "list")).isZero();

    assertThat(server.requests).containsExactly("GET /v4/deployments ");
    assertThat(out.toString())
        .isEqualTo(
            """
            DEPLOYMENT                  ADDRESS           TYPE        SDK    AGE  SERVICES
            dp_1aaaaaaaaaaaaaaaaaaaaaa  http://one:9080/  BidiStream  sdk/1  3m   Counter, Greeter
            """);
  }

  @Test
  void deploymentsAreListedAsJson() {
    assertThat(run("deployments", "list", "--json")).isZero();

    assertThat(Output.JSON.readTree(out.toString()))
        .isEqualTo(Output.JSON.readTree(DEPLOYMENTS).path("deployments"));
  }

  @Test
  void aListOfNothingSaysWhatToDo() {
    server.answer = "{\"deployments\":[]}";

    assertThat(run("deployments", "list")).isZero();
    assertThat(out.toString()).contains("restatectl deployments register URI");
  }

  @Test
  void limitsAreListedWithWhatRunsAndWhatWaits() {
    assertThat(run("limits", "list")).isZero();

    assertThat(out.toString())
        .isEqualTo(
            """
            SCOPE   LIMIT KEY  RUNNING  LIMIT  WAITING  RULE
            tenant  -          4        -      0        -
            tenant  a/b        3        3      2        tenant/*/*
            """);
  }

  @Test
  void aRuleIsSetAndDeleted() {
    server.answer = "[{\"pattern\":\"tenant/*\",\"version\":4}]";
    assertThat(run("limits", "set", "tenant/*", "--concurrency", "3")).isZero();
    assertThat(out.toString()).isEqualTo("tenant/* has version 4\n");
    server.answer = "[\"tenant/*\"]";
    assertThat(run("limits", "delete", "tenant/*")).isZero();
    assertThat(server.requests)
        .containsExactly(
            "PUT /v4/limits/rules [{\"pattern\":\"tenant/*\",\"disabled\":false,"
                + "\"limits\":{\"concurrency\":3}}]",
            "POST /v4/limits/rules/bulk-delete [{\"pattern\":\"tenant/*\"}]");
  }

  @Test
  void aNewDeploymentIsRegisteredAndItsServicesAreShown() {
    server.status = 201;
    server.answer = REGISTERED;

    assertThat(run("deployments", "register", "http://one:9080")).isZero();
    assertThat(server.requests)
        .containsExactly("POST /v4/deployments {\"uri\":\"http://one:9080\",\"force\":false}");
    assertThat(out.toString())
        .isEqualTo(
            """
            registered dp_1aaaaaaaaaaaaaaaaaaaaaa at http://one:9080
            SERVICE  TYPE     REVISION  HANDLERS
            Greeter  Service  1         bye, greet
            """);
  }

  @Test
  void aKnownDeploymentIsSaidToBeKnown() {
    server.answer = REGISTERED;

    run("deployments", "register", "http://one:9080");
    assertThat(out.toString()).startsWith("already registered as dp_1aaaaaaaaaaaaaaaaaaaaaa;");

    run("deployments", "register", "--force", "--json", "http://one:9080");
    assertThat(server.requests.getLast()).contains("\"force\":true");
    assertThat(out.toString()).endsWith("}\n");
  }

  @Test
  void aRefusalNamesTheReasonAndTheNextStep() {
    server.status = 500;
    server.answer = "{\"message\":\"no\\u001b[2J route\",\"restate_code\":\"META0003\"}";

    assertThat(run("deployments", "register", "http://one:9080")).isEqualTo(1);
    assertThat(err.toString())
        .contains("error: no\uFFFD[2J route (HTTP 500, META0003)")
        .contains("next: check that the endpoint runs");
  }

  @Test
  void aRefusalInPlainTextIsShownToo() {
    server.status = 422;
    server.answer = "Expected a string";

    assertThat(run("deployments", "list")).isEqualTo(1);
    assertThat(err.toString()).contains("error: Expected a string (HTTP 422)");
  }

  @Test
  void anAnswerThatIsNoJsonIsAFailure() {
    server.answer = "<html>";

    assertThat(run("deployments", "list")).isEqualTo(1);
    assertThat(err.toString()).contains("did not answer with JSON");
  }

  @Test
  void openInvocationsAreListedAsATable() {
    assertThat(run("invocations", "list", "--service", "Greeter")).isZero();

    assertThat(server.lists).hasSize(1);
    assertThat(server.lists.getFirst().getService()).isEqualTo("Greeter");
    assertThat(server.lists.getFirst().getIncludeCompleted()).isFalse();
    assertThat(out.toString())
        .isEqualTo(
            """
            INVOCATION  TARGET                STATUS     AGE  JOURNAL  DEPLOYMENT  WAITS FOR
            inv_1a      Greeter/J\u00fcrgen/greet  running    10s  3        dp_1a
            inv_1b      Greeter/greet         scheduled  1h   0        -           its start in 2d
            """);
  }

  @Test
  void invocationsAreListedAsJson() {
    assertThat(run("invocations", "list", "--all", "--json", "--limit", "2")).isZero();

    assertThat(server.lists.getFirst().getIncludeCompleted()).isTrue();
    assertThat(server.lists.getFirst().getLimit()).isEqualTo(2);
    assertThat(Output.JSON.readTree(out.toString()))
        .isEqualTo(
            Output.JSON.readTree(
                """
                [{"id":"inv_1a","target":"Greeter/J\u00fcrgen/greet","status":"running",
                  "created_at":"2026-11-22T09:59:50Z","journal_length":3,"deployment":"dp_1a"},
                 {"id":"inv_1b","target":"Greeter/greet","status":"scheduled",
                  "created_at":"2026-11-22T09:00:00Z","scheduled_at":"2026-11-24T10:00:00Z",
                  "journal_length":0}]
                """));
  }

  @Test
  void aFailureOfTheListIsAFailureOfTheCommand() {
    server.failure = Status.INTERNAL.withDescription("it broke");

    assertThat(run("invocations", "list")).isEqualTo(1);
    assertThat(err.toString()).contains("error: it broke");
  }

  @Test
  void coloursAreForTerminalsOnly() {
    assertThat(run(true, "invocations", "list")).isZero();
    assertThat(out.toString()).contains("\u001b[32mrunning\u001b[0m");
  }

  @Test
  void aServerThatIsNotThereHasItsOwnExitCode() throws IOException {
    String nobody;
    try (ServerSocket free = new ServerSocket(0)) {
      nobody = "127.0.0.1:" + free.getLocalPort();
    }

    assertThat(runBare("--admin", "http://" + nobody, "deployments", "list")).isEqualTo(3);
    assertThat(runBare("--grpc", nobody, "invocations", "list")).isEqualTo(3);
    assertThat(err.toString()).contains("no server answers at " + nobody, "next: start one");
  }

  @Test
  void aCommandThatIsNoneIsAUsageError() {
    assertThat(runBare()).isEqualTo(2);
    assertThat(runBare("deployments")).isEqualTo(2);
    assertThat(runBare("nope")).isEqualTo(2);
    assertThat(runBare("deployments", "register")).isEqualTo(2);
    assertThat(runBare("invocations", "list", "--limit", "0")).isEqualTo(2);
    assertThat(runBare("--admin", "http://a b", "deployments", "list")).isEqualTo(2);
  }

  @Test
  void theExitCodesAreDocumented() {
    assertThat(runBare("--help")).isZero();
    assertThat(out.toString()).contains("Exit codes:", "No server answers");
  }

  private int run(String... arguments) {
    return run(false, arguments);
  }

  private int run(boolean colour, String... arguments) {
    String[] servers = {"--admin", server.admin(), "--grpc", server.grpc()};
    return Restatectl.run(
        output(colour),
        Stream.concat(Stream.of(arguments), arguments.length > 1 ? Stream.of(servers) : Stream.of())
            .toArray(String[]::new));
  }

  private int runBare(String... arguments) {
    return Restatectl.run(output(false), arguments);
  }

  private Output output(boolean colour) {
    return new Output(
        new PrintWriter(out, true), new PrintWriter(err, true), colour, InstantSource.fixed(NOW));
  }
}
