package dev.reprise.chaos.run;

import dev.reprise.chaos.fault.Strike;
import dev.reprise.chaos.history.Act;
import dev.reprise.chaos.history.Fate;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** The page about a run: one file that needs nothing else. */
final class Report {
  private static final String TEMPLATE = "/dev/reprise/chaos/run/report.html";
  private static final double NANOS_PER_MILLI = 1e6;
  private static final double NANOS_PER_SECOND = 1e9;

  private Report() {}

  /** What ended within a second; times in milliseconds, null where nothing was answered. */
  record Second(
      int done,
      int unknown,
      int notDone,
      @Nullable Double p50,
      @Nullable Double p99,
      @Nullable Double max) {}

  /** What there was of one workload. */
  record Share(
      String name,
      int acts,
      long done,
      long unknown,
      long notDone,
      @Nullable Double p50,
      @Nullable Double p99) {}

  /** Times in seconds since the history began. */
  record Bar(String fault, String detail, List<Integer> nodes, double begin, double end) {
    static Bar of(Strike strike) {
      return new Bar(
          strike.fault(),
          strike.detail(),
          strike.nodes(),
          strike.begin() / NANOS_PER_SECOND,
          strike.end() / NANOS_PER_SECOND);
    }
  }

  /** All that the page shows; times in milliseconds. */
  record Page(
      String seed,
      int nodes,
      boolean planted,
      String date,
      double minutes,
      String command,
      int acts,
      long answered,
      long unknown,
      double silence,
      double longest,
      List<Second> seconds,
      List<Bar> faults,
      List<?> verdicts,
      List<Share> workloads) {}

  static void write(Outcome outcome, Path file) throws IOException {
    String template;
    try (var text = Report.class.getResourceAsStream(TEMPLATE)) {
      if (text == null) {
        throw new IllegalStateException("Expected " + TEMPLATE + " on the class path");
      }
      template = new String(text.readAllBytes(), StandardCharsets.UTF_8);
    }
    // What stands in a script must not end it.
    String json = JsonMapper.shared().writeValueAsString(page(outcome)).replace("</", "<\\/");
    Files.writeString(file, template.replace("@DATA@", json));
  }

  private static Page page(Outcome outcome) {
    List<Act> acts = outcome.acts();
    Plan plan = outcome.plan();
    return new Page(
        Long.toString(plan.seed()),
        plan.nodes(),
        !plan.before().isEmpty(),
        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
        blown(outcome),
        plan.command(),
        acts.size(),
        count(acts, Fate.DONE),
        count(acts, Fate.UNKNOWN),
        Silence.longest(acts) / NANOS_PER_MILLI,
        acts.stream().mapToLong(it -> it.end() - it.begin()).max().orElse(0) / NANOS_PER_MILLI,
        seconds(acts),
        outcome.strikes().stream().map(Bar::of).toList(),
        outcome.verdicts(),
        shares(acts));
  }

  /** From the first fault's begin to the last one's end, in minutes. */
  private static double blown(Outcome outcome) {
    long begin = outcome.strikes().stream().mapToLong(Strike::begin).min().orElse(0);
    long end = outcome.strikes().stream().mapToLong(Strike::end).max().orElse(0);
    return (end - begin) / NANOS_PER_SECOND / 60;
  }

  private static long count(List<Act> acts, Fate fate) {
    return acts.stream().filter(it -> it.fate() == fate).count();
  }

  private static List<Second> seconds(List<Act> acts) {
    List<List<Act>> bySecond = new ArrayList<>();
    for (Act act : acts) {
      int second = (int) (act.end() / NANOS_PER_SECOND);
      while (bySecond.size() <= second) {
        bySecond.add(new ArrayList<>());
      }
      bySecond.get(second).add(act);
    }
    return bySecond.stream().map(Report::second).toList();
  }

  private static Second second(List<Act> acts) {
    double[] sorted = sortedMillis(acts);
    return new Second(
        (int) count(acts, Fate.DONE),
        (int) count(acts, Fate.UNKNOWN),
        (int) count(acts, Fate.NOT_DONE),
        at(sorted, 0.5),
        at(sorted, 0.99),
        at(sorted, 1));
  }

  private static List<Share> shares(List<Act> acts) {
    Stream<String> names = acts.stream().map(Act::workload).distinct();
    return names
        .map(
            name -> {
              List<Act> own = acts.stream().filter(it -> it.workload().equals(name)).toList();
              double[] sorted = sortedMillis(own);
              return new Share(
                  name,
                  own.size(),
                  count(own, Fate.DONE),
                  count(own, Fate.UNKNOWN),
                  count(own, Fate.NOT_DONE),
                  at(sorted, 0.5),
                  at(sorted, 0.99));
            })
        .toList();
  }

  private static double[] sortedMillis(List<Act> acts) {
    return acts.stream()
        .filter(Act::done)
        .mapToDouble(it -> (it.end() - it.begin()) / NANOS_PER_MILLI)
        .sorted()
        .toArray();
  }

  private static @Nullable Double at(double[] sorted, double part) {
    return sorted.length == 0 ? null : sorted[(int) Math.round((sorted.length - 1) * part)];
  }
}
