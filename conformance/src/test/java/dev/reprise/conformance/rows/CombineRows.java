package dev.reprise.conformance.rows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.conformance.Ask;
import dev.reprise.conformance.Row;
import dev.reprise.conformance.World;
import java.util.List;

/** Several things awaited at once. */
final class CombineRows {
  private static final String FEATURE = "combinator";

  private CombineRows() {}

  static List<Row> rows() {
    return List.of(
        Row.of(FEATURE, "all", CombineRows::all),
        Row.of(FEATURE, "race: the first", CombineRows::race),
        Row.of(FEATURE, "any: the first success", CombineRows::any),
        Row.of(FEATURE, "all settled: however they end", CombineRows::settled),
        Row.of(FEATURE, "a time-out", CombineRows::timeout),
        Row.of(FEATURE, "nested", CombineRows::nested));
  }

  private static void all(World world) throws Exception {
    assertThat(world.ask("Combine/all", null))
        .isEqualTo(World.json(List.of("Hello a", "b", "slept")));
  }

  private static void race(World world) throws Exception {
    assertThat(world.ask("Combine/race", null).asString()).isEqualTo("Hello a");
  }

  private static void any(World world) throws Exception {
    assertThat(world.ask("Combine/any", null).asString()).isEqualTo("slept");
  }

  private static void settled(World world) throws Exception {
    assertThat(world.ask("Combine/settled", null))
        .isEqualTo(World.json(List.of("fulfilled", "rejected")));
  }

  private static void timeout(World world) throws Exception {
    assertThat(world.ask("Combine/timeout", null).asString()).isEqualTo("timed out");
  }

  private static void nested(World world) throws Exception {
    String subject = world.fresh("nested");
    var waiting = world.calling(Ask.of("Combine/nested", subject));
    world.eventually(() -> assertThat(world.effects(subject)).hasSize(2));
    List<String> told = world.effects(subject);
    String left = told.getFirst().substring("left ".length());
    String right = told.getLast().substring("right ".length());

    world.door().resolveAwakeable(right, World.json("R"));
    assertThat(waiting).isNotDone();
    world.door().resolveAwakeable(left, World.json("L"));

    assertThat(waiting.join().expectText()).isEqualTo("L and R");
    world.expectTimes(subject, 2);
  }
}
