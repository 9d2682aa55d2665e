package dev.reprise.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class LoadGeneratorTest {
  private static final String OK = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";
  private static final long STALL_MILLIS = 400;
  private final List<String> complaints = new ArrayList<>();

  @Test
  void anOpenLoopCountsLatencyFromWhenARequestWasDueSoAStallIsNotFlattered() throws Exception {
    Measurement open =
        measure(LoadGeneratorTest::stallOnce, new Pace.OpenLoop(500), 1, Duration.ofMillis(1500));
    Measurement closed =
        measure(LoadGeneratorTest::stallOnce, new Pace.ClosedLoop(), 1, Duration.ofMillis(1500));

    // 500 per second were due while the server stalled: half of them for more than half of it.
    long half = TimeUnit.MILLISECONDS.toMicros(STALL_MILLIS / 2);
    assertThat(slowerThan(open, half)).isGreaterThan(50);
    assertThat(slowerThan(closed, half)).isBetween(1L, 3L);
    // What fell due while the server stalled was still asked for: nothing was left out. What fell
    // due while the measurement was being set up is in it too, and on a busy machine that is some.
    double due = 500 * open.seconds();
    assertThat((double) open.answered() + open.unanswered()).isBetween(due - 5, due + 100);
  }

  @Test
  void requestsStillWaitingAtTheEndOfAnOpenLoopAreInItsLatencies() throws Exception {
    IntFunction<String> silent = request -> request < 100 ? OK : "";
    Measurement open = measure(silent, new Pace.OpenLoop(200), 4, Duration.ofMillis(1500));

    assertThat(open.answered()).isLessThanOrEqualTo(100);
    assertThat(open.unanswered()).isGreaterThan(150);
    assertThat(open.latencyMillis(50)).isGreaterThan(100);
  }

  @Test
  void aClosedLoopKeepsEachConnectionBusyAndDrawsKeysFromTheAskedOnes() throws Exception {
    Measurement closed = measure(request -> OK, new Pace.ClosedLoop(), 4, Duration.ofMillis(500));

    assertThat(closed.answered()).isEqualTo(closed.latencyMicros().getTotalCount()).isPositive();
    assertThat(closed.errors() + closed.broken() + closed.unanswered()).isZero();
    assertThat(closed.processes().values()).allMatch(use -> use.cpuSeconds() > 0).hasSize(1);
    assertThat(complaints).isEmpty();
  }

  @Test
  void answersThatAreNot2xxAreErrorsAndAreShown() throws Exception {
    String error = "HTTP/1.1 503 Busy\r\ncontent-length: 4\r\n\r\nbusy";
    Measurement closed =
        measure(
            request -> request % 2 == 0 ? OK : error,
            new Pace.ClosedLoop(),
            1,
            Duration.ofMillis(300));

    assertThat(closed.errors()).isBetween(closed.answered() - 1, closed.answered() + 1);
    assertThat(complaints).hasSize(5).allMatch("status 503: busy"::equals);
  }

  @Test
  void aBrokenConnectionIsCountedAndOpenedAgain() throws Exception {
    Measurement closed =
        measure(
            request -> request == 3 ? "CLOSE" : OK,
            new Pace.ClosedLoop(),
            1,
            Duration.ofMillis(500));

    assertThat(closed.broken()).isEqualTo(1);
    assertThat(closed.answered()).isGreaterThan(3);
    assertThat(complaints).singleElement().asString().contains("the server closed the connection");
  }

  private static long slowerThan(Measurement measurement, long micros) {
    return measurement.latencyMicros().getCountBetweenValues(micros, Long.MAX_VALUE);
  }

  /** Answers the hundredth request late. */
  private static String stallOnce(int request) {
    if (request == 100) {
      new CompletableFuture<String>()
          .completeOnTimeout("", STALL_MILLIS, TimeUnit.MILLISECONDS)
          .join();
    }
    return OK;
  }

  private Measurement measure(
      IntFunction<String> answers, Pace pace, int connections, Duration measured)
      throws IOException {
    try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      AtomicInteger requests = new AtomicInteger();
      Thread.ofVirtual().start(() -> accept(server, requests, answers));
      InetSocketAddress address =
          new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getLocalPort());
      RequestTemplate request = new RequestTemplate("GET", "h", "/{key}", List.of(), "", "");
      long self = ProcessHandle.current().pid();
      LoadPlan plan =
          new LoadPlan(
              address,
              request,
              pace,
              connections,
              3,
              1,
              Duration.ZERO,
              measured,
              Map.of("self", List.of(self)));
      return new LoadGenerator(plan, complaints::add).run();
    }
  }

  private static void accept(
      ServerSocket server, AtomicInteger requests, IntFunction<String> answers) {
    try {
      while (true) {
        Socket connection = server.accept();
        Thread.ofVirtual().start(() -> serve(connection, requests, answers));
      }
    } catch (IOException e) {
      // The test is over.
    }
  }

  private static void serve(
      Socket connection, AtomicInteger requests, IntFunction<String> answers) {
    try (connection) {
      BufferedReader lines =
          new BufferedReader(new InputStreamReader(connection.getInputStream(), US_ASCII));
      String line;
      while ((line = lines.readLine()) != null) {
        if (line.isEmpty()) {
          String answer = answers.apply(requests.getAndIncrement());
          if (answer.equals("CLOSE")) {
            return;
          }
          connection.getOutputStream().write(answer.getBytes(US_ASCII));
        } else if (line.startsWith("GET")) {
          assertThat(line).matches("GET /[012] HTTP/1.1");
        }
      }
    } catch (IOException e) {
      // The load generator is done.
    }
  }
}
