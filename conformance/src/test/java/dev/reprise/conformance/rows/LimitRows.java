package dev.reprise.conformance.rows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.conformance.Ask;
import dev.reprise.conformance.Row;
import dev.reprise.conformance.World;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** How many of a scope run at once. */
final class LimitRows {
  private static final String FEATURE = "limits";
  private static final int MANY = 6;

  private LimitRows() {}

  static List<Row> rows() {
    return List.of(
        Row.of(FEATURE, "no more of a scope run at once than its rule says", LimitRows::scope),
        Row.of(FEATURE, "a limit key has a limit of its own", LimitRows::limitKey),
        Row.of(FEATURE, "a limit key without a scope is refused", LimitRows::noScope));
  }

  /** A scope that nobody had, with these limits. */
  private static String limited(World world, Map<String, Integer> below) throws IOException {
    // At most 36 characters.
    String scope = world.fresh("s");
    for (Map.Entry<String, Integer> limit : below.entrySet()) {
      world
          .admin(
              "PUT",
              "limits/rules",
              List.of(
                  Map.of(
                      "pattern",
                      scope + limit.getKey(),
                      "limits",
                      Map.of("concurrency", limit.getValue()))))
          .expectStatus(200);
    }
    return scope;
  }

  private static void scope(World world) throws Exception {
    String scope = limited(world, Map.of("", 2));
    String subject = world.fresh("busy");
    Ask busy = Ask.of("Basic/busy", Map.of("subject", subject)).in(scope, null);

    var calls = IntStream.range(0, MANY).mapToObj(n -> world.calling(busy)).toList();

    calls.forEach(it -> it.join().expectValue());
    world.expectTimes(subject, 2 * MANY);
    assertThat(atOnce(world.outside().traces(subject))).isLessThanOrEqualTo(2);
  }

  private static void limitKey(World world) throws Exception {
    String scope = limited(world, Map.of("/*", 1));
    String subject = world.fresh("busy");

    var calls =
        IntStream.range(0, MANY)
            .mapToObj(
                n ->
                    world.calling(
                        Ask.of("Basic/busy", Map.of("subject", subject + n % 2))
                            .in(scope, n % 2 == 0 ? "even" : "odd/n" + n)))
            .toList();

    calls.forEach(it -> it.join().expectValue());
    assertThat(atOnce(world.outside().traces(subject + 0))).isEqualTo(1);
    assertThat(atOnce(world.outside().traces(subject + 1))).isEqualTo(1);
  }

  private static int atOnce(List<String> traces) {
    int now = 0;
    int most = 0;
    for (String trace : traces) {
      now += trace.equals("in") ? 1 : -1;
      most = Math.max(most, now);
    }
    return most;
  }

  private static void noScope(World world) throws Exception {
    world.door().call(Ask.of("Basic/greet", "Ada").in(null, "a")).expectError(400);
  }
}
