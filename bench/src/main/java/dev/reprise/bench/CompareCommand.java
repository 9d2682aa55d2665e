package dev.reprise.bench;

import dev.reprise.bench.load.GrpcLoad;
import dev.reprise.bench.load.LoadGenerator;
import dev.reprise.bench.load.LoadPlan;
import dev.reprise.bench.load.Measurement;
import dev.reprise.bench.load.Pace;
import dev.reprise.bench.load.RequestTemplate;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs the workloads against running servers in turn and prints a table. */
@Command(
    name = "compare",
    description = "Workloads against servers in turn; ratios are to the first server.",
    mixinStandardHelpOptions = true,
    showDefaultValues = true)
final class CompareCommand implements Callable<Integer> {
  @Option(
      names = {"-s", "--server"},
      required = true,
      paramLabel = "NAME=INGRESS_URL,ADMIN_URL,PID[,GRPC_HOST:PORT]",
      description = "A running server. Repeatable; the first is the one others are compared with.")
  private List<String> servers = List.of();

  @Option(
      names = {"-w", "--workload"},
      paramLabel = "NAME",
      description = "Only these. Repeatable.")
  private List<String> workloads = List.of();

  @Option(names = "--warm", description = "Seconds of load before each measurement.")
  private double warm = 10;

  @Option(names = "--seconds", description = "Measured seconds.")
  private double seconds = 10;

  @Option(
      names = "--rounds",
      description = "Measurements of each case; the one that others disturbed least is shown.")
  private int rounds = 1;

  @Option(names = "--endpoint-port", description = "0 picks a free one.")
  private int endpointPort;

  @Option(names = "--json", paramLabel = "FILE", description = "Append every measurement to it.")
  private @Nullable Path json;

  @Override
  public Integer call() throws IOException, InterruptedException {
    List<ServerUnderTest> asked = servers.stream().map(ServerUnderTest::of).toList();
    List<Workload> chosen =
        workloads.isEmpty() ? Workload.ALL : workloads.stream().map(Workload::named).toList();
    try (EndpointProcess endpoint = EndpointProcess.start(endpointPort);
        HttpClient client = HttpClient.newHttpClient()) {
      for (ServerUnderTest server : asked) {
        server.register(client, endpoint.url());
      }
      System.out.println(ComparisonTable.HEAD);
      for (Workload workload : chosen) {
        List<ServerUnderTest> able =
            asked.stream().filter(server -> server.has(workload.door())).toList();
        if (!able.isEmpty()) {
          System.out.print(ComparisonTable.rows(workload, able, measure(workload, able, endpoint)));
        }
      }
    }
    return 0;
  }

  /** The least disturbed measurement of each server, in their order. */
  private List<Measurement> measure(
      Workload workload, List<ServerUnderTest> asked, EndpointProcess endpoint)
      throws IOException, InterruptedException {
    List<List<Measurement>> all = new ArrayList<>();
    asked.forEach(server -> all.add(new ArrayList<>()));
    for (int round = 0; round < rounds; round++) {
      for (int i = 0; i < asked.size(); i++) {
        Measurement measurement = measure(workload, asked.get(i), endpoint);
        System.err.printf(
            "%s, %s: %s%n", workload.name(), asked.get(i).name(), measurement.toText());
        append(workload, asked.get(i), measurement);
        all.get(i).add(measurement);
      }
    }
    return all.stream().map(ComparisonTable::leastDisturbed).toList();
  }

  private Measurement measure(Workload workload, ServerUnderTest server, EndpointProcess endpoint)
      throws IOException, InterruptedException {
    Map<String, List<Long>> processes =
        Map.of(
            ComparisonTable.SERVER, List.of(server.pid()),
            ComparisonTable.ENDPOINT, List.of(endpoint.pid()));
    return switch (workload.door()) {
      case HTTP -> overHttp(workload, server, processes);
      case GRPC ->
          new GrpcLoad(
                  new GrpcLoad.Plan(
                      server.grpc(),
                      workload.path(),
                      workload.body(),
                      workload.connections(),
                      Seconds.of(warm),
                      Seconds.of(seconds),
                      processes),
                  it -> System.err.println(server.name() + ": " + it))
              .run();
    };
  }

  private Measurement overHttp(
      Workload workload, ServerUnderTest server, Map<String, List<Long>> processes)
      throws IOException {
    Target target = Target.of(server.ingress() + workload.path());
    LoadPlan plan =
        new LoadPlan(
            target.address(),
            new RequestTemplate(
                "POST",
                target.authority(),
                target.path(),
                List.of(),
                "application/json",
                workload.body()),
            new Pace.ClosedLoop(),
            workload.connections(),
            workload.keys(),
            ThreadLocalRandom.current().nextLong(),
            Seconds.of(warm),
            Seconds.of(seconds),
            processes);
    return new LoadGenerator(plan, it -> System.err.println(server.name() + ": " + it)).run();
  }

  private void append(Workload workload, ServerUnderTest server, Measurement measurement)
      throws IOException {
    if (json != null) {
      String line =
          "{\"workload\":\"%s\",\"name\":\"%s\",%s%n"
              .formatted(workload.name(), server.name(), measurement.toJson().substring(1));
      Files.writeString(json, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
  }
}
