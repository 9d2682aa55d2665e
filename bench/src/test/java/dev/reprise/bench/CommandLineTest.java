package dev.reprise.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reprise.bench.load.Measurement;
import dev.reprise.bench.load.Pace;
import dev.reprise.bench.load.ProcessUse;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class CommandLineTest {
  @Test
  void aTargetsPathMayHoldTemplates() {
    assertThat(Target.of("http://127.0.0.1:8080/Counter/{key}/add"))
        .isEqualTo(new Target("127.0.0.1", 8080, "/Counter/{key}/add"));
    assertThat(Target.of("http://localhost")).isEqualTo(new Target("localhost", 80, "/"));
    assertThatThrownBy(() -> Target.of("https://x/")).hasMessageContaining("Expected http://");
  }

  @Test
  void aServerIsItsNameItsTwoAddressesAndItsProcess() {
    assertThat(ServerUnderTest.of("ours=http://localhost:8080/,http://localhost:9070,17"))
        .isEqualTo(
            new ServerUnderTest("ours", "http://localhost:8080", "http://localhost:9070", 17, ""));
    assertThatThrownBy(() -> ServerUnderTest.of("ours=http://localhost:8080"))
        .hasMessageContaining("Expected NAME=INGRESS_URL,ADMIN_URL,PID");
  }

  @Test
  void onlyAServerWhoseGrpcPortIsGivenIsAskedOverGrpc() {
    ServerUnderTest both = ServerUnderTest.of("ours=http://h:1,http://h:2,17,h:3");
    assertThat(both.grpc()).isEqualTo("h:3");
    assertThat(both.has(Workload.named("grpc-echo@64").door())).isTrue();
    ServerUnderTest http = ServerUnderTest.of("peer=http://h:1,http://h:2,17");
    assertThat(http.has(Workload.named("grpc-echo@64").door())).isFalse();
    assertThat(http.has(Workload.named("echo@64").door())).isTrue();
  }

  @Test
  void anUnknownWorkloadIsAnsweredWithTheKnownOnes() {
    assertThat(Workload.named("ten-steps@64").connections()).isEqualTo(64);
    assertThatThrownBy(() -> Workload.named("echo@2")).hasMessageContaining("echo@1024");
  }

  /** Latencies are the upper ends of the histogram's buckets, three digits wide. */
  @Test
  void theTableHasRatiosToTheFirstServer() {
    List<ServerUnderTest> servers =
        List.of(
            new ServerUnderTest("peer", "", "", 1, ""), new ServerUnderTest("ours", "", "", 2, ""));
    String rows =
        ComparisonTable.rows(
            Workload.named("echo@64"),
            servers,
            List.of(measurement(1000, 100_000, 10), measurement(5000, 20_000, 5)));
    assertThat(rows)
        .isEqualTo(
            """
            | echo@64 | peer | 100 | 1.00 | 100.03 | 100.03 | 1.00 | 100.03 | 10.000 | 1.00 | 50 | 0 | 0.10 |
            | echo@64 | ours | 500 | 5.00 | 20.02 | 20.02 | 0.20 | 20.02 | 1.000 | 0.10 | 10 | 0 | 0.10 |
            """);
  }

  @Test
  void figuresThatAreUnknownAreNullInJson() {
    Measurement nothing = measurement(0, 1, 1);
    assertThat(nothing.toJson()).contains("\"ok\":0", "\"cpu_s_per_1k\":null");
  }

  private static Measurement measurement(long answered, long latencyMicros, double cpuSeconds) {
    Histogram latencies = new Histogram(3);
    latencies.recordValue(latencyMicros);
    return new Measurement(
        64,
        new Pace.ClosedLoop(),
        10,
        answered,
        0,
        0,
        0,
        latencies,
        1,
        0.1,
        Map.of(ComparisonTable.SERVER, new ProcessUse(cpuSeconds, 50_000, 0)));
  }
}
