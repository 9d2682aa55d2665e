package dev.reprise.bench;

import dev.reprise.bench.load.LoadGenerator;
import dev.reprise.bench.load.LoadPlan;
import dev.reprise.bench.load.Measurement;
import dev.reprise.bench.load.Pace;
import dev.reprise.bench.load.RequestTemplate;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes requests and prints what came of them: JSON to standard output, text to standard error. */
@Command(
    name = "load",
    description = "HTTP/1.1 load: one line of JSON on standard output, one for people beside it.",
    mixinStandardHelpOptions = true,
    showDefaultValues = true)
final class LoadCommand implements Callable<Integer> {
  @Option(
      names = {"-c", "--connections"},
      description = "Requests under way at once, at most.")
  private int connections = 64;

  @Option(
      names = "--rate",
      description =
          "Open loop: requests due per second. Without it each connection goes on at once.")
  private double rate;

  @Option(names = "--warm", description = "Seconds of load before anything counts.")
  private double warm = 10;

  @Option(
      names = {"-d", "--seconds"},
      description = "Measured seconds.")
  private double seconds = 10;

  @Option(
      names = {"-m", "--method"},
      description = "HTTP method.")
  private String method = "POST";

  @Option(
      names = {"-b", "--body"},
      description = "Body template; empty for none.")
  private String body = "\"hello\"";

  @Option(
      names = {"-t", "--type"},
      description = "Content type.")
  private String type = "application/json";

  @Option(
      names = {"-H", "--header"},
      description = "A further header line, template. Repeatable.")
  private List<String> headers = new ArrayList<>();

  @Option(
      names = {"-k", "--keys"},
      description = "{key} is drawn from 0 to this number - 1.")
  private long keys = 100_000;

  @Option(names = "--seed", description = "Of the drawn keys; by default another one each time.")
  private long seed = ThreadLocalRandom.current().nextLong();

  @Option(
      names = {"-p", "--pid"},
      paramLabel = "LABEL=PID",
      description = "Account CPU, writes and memory of this process tree. Repeatable.")
  private Map<String, Long> pids = new LinkedHashMap<>();

  @Parameters(paramLabel = "URL", description = "http://HOST:PORT/PATH, its path a template.")
  private String url = "";

  @Override
  public Integer call() throws IOException {
    Target target = Target.of(url);
    Map<String, List<Long>> processes = new LinkedHashMap<>();
    pids.forEach((label, pid) -> processes.put(label, List.of(pid)));
    LoadPlan plan =
        new LoadPlan(
            target.address(),
            new RequestTemplate(method, target.authority(), target.path(), headers, type, body),
            rate > 0 ? new Pace.OpenLoop(rate) : new Pace.ClosedLoop(),
            connections,
            keys,
            seed,
            Seconds.of(warm),
            Seconds.of(seconds),
            processes);
    Measurement measurement =
        new LoadGenerator(plan, complaint -> System.err.println("load: " + complaint)).run();
    System.out.println(measurement.toJson());
    System.err.println(measurement.toText());
    return measurement.answered() > 0 ? 0 : 1;
  }
}
