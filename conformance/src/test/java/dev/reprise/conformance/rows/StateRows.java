package dev.reprise.conformance.rows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.conformance.Ask;
import dev.reprise.conformance.Outcome;
import dev.reprise.conformance.Row;
import dev.reprise.conformance.World;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** State per key, and one exclusive handler at a time. */
final class StateRows {
  private static final String FEATURE = "state";
  private static final int CROWD = 20;

  private StateRows() {}

  static List<Row> rows() {
    return List.of(
        Row.of(FEATURE, "set, get, clear, keys and clear-all last", StateRows::sixOperations),
        Row.of(FEATURE, "an invocation sees its own changes", StateRows::tour),
        Row.of(FEATURE, "each key has its own", StateRows::keys),
        Row.of(FEATURE, "of many calls to one key only one runs at a time", StateRows::crowd),
        Row.of(FEATURE, "shared handlers run beside an exclusive one", StateRows::beside),
        Row.of(FEATURE, "an operator replaces it", StateRows::replaced));
  }

  private static void put(World world, String key, String name, Object value) throws Exception {
    world.ask("Store/" + key + "/put", Map.of("name", name, "value", value));
  }

  private static void sixOperations(World world) throws Exception {
    String key = world.fresh("store");
    String store = "Store/" + key;
    assertThat(world.ask(store + "/read", "a").isNull()).isTrue();
    assertThat(world.ask(store + "/names", null)).isEmpty();

    put(world, key, "a", Map.of("n", 1));
    put(world, key, "b", "two");
    put(world, key, "c", "");

    assertThat(world.ask(store + "/read", "a")).isEqualTo(World.json(Map.of("n", 1)));
    assertThat(world.ask(store + "/peek", "b").asString()).isEqualTo("two");
    assertThat(world.ask(store + "/names", null)).isEqualTo(World.json(List.of("a", "b", "c")));

    world.ask(store + "/drop", "a");
    assertThat(world.ask(store + "/read", "a").isNull()).isTrue();
    assertThat(world.ask(store + "/names", null)).isEqualTo(World.json(List.of("b", "c")));

    world.ask(store + "/dropAll", null);
    assertThat(world.ask(store + "/peek", "b").isNull()).isTrue();
    assertThat(world.ask(store + "/names", null)).isEmpty();
  }

  private static void tour(World world) throws Exception {
    String key = world.fresh("store");
    put(world, key, "left", "over");

    // The names after a single clear are not asked for: both SDKs keep the cleared one among them.
    var seen = world.ask("Store/" + key + "/tour", null);

    assertThat(seen.toString())
        .isEqualTo(
            "[\"over\",[\"left\"],1,{\"deep\":[true,null]},[\"a\",\"b\",\"left\"],null,"
                + "{\"deep\":[true,null]},\"over\",null,[]]");
    assertThat(world.ask("Store/" + key + "/names", null)).isEqualTo(World.json(List.of("after")));
  }

  private static void keys(World world) throws Exception {
    String one = world.fresh("store");
    String other = world.fresh("store");

    assertThat(world.ask("Store/" + one + "/add", 5).asInt()).isEqualTo(5);
    assertThat(world.ask("Store/" + other + "/add", 7).asInt()).isEqualTo(7);
    assertThat(world.ask("Store/" + one + "/add", 1).asInt()).isEqualTo(6);
  }

  private static void crowd(World world) {
    String key = world.fresh("store");

    var all =
        Stream.generate(() -> world.calling(Ask.of("Store/" + key + "/add", 1)))
            .limit(CROWD)
            .toList();

    assertThat(all.stream().map(it -> it.join().expectValue().asInt()))
        .containsExactlyInAnyOrderElementsOf(IntStream.rangeClosed(1, CROWD).boxed().toList());
  }

  private static void beside(World world) throws Exception {
    String key = world.fresh("store");
    String subject = world.fresh("hold");
    put(world, key, "a", "b");
    var held = world.calling(Ask.of("Store/" + key + "/hold", subject));
    String awakeable = world.outside().awaitTrace(subject);
    var queued = world.calling(Ask.of("Store/" + key + "/read", "a"));

    assertThat(world.ask("Store/" + key + "/peek", "a").asString()).isEqualTo("b");

    assertThat(queued).isNotDone();
    world.door().resolveAwakeable(awakeable, World.json("free"));
    assertThat(held.join().expectText()).isEqualTo("free");
    assertThat(queued.join().expectText()).isEqualTo("b");
  }

  private static void replaced(World world) throws Exception {
    String key = world.fresh("store");
    put(world, key, "old", "value");
    byte[] value = "\"new\"".getBytes(StandardCharsets.UTF_8);
    Map<String, Object> change = new HashMap<>();
    change.put("object_key", key);
    change.put(
        "new_state", Map.of("a", IntStream.range(0, value.length).map(i -> value[i]).toArray()));

    world.admin("POST", "services/Store/state", change).expectStatus(202);

    world.eventually(
        () -> {
          Outcome names = world.call("Store/" + key + "/names", null);
          assertThat(names.expectValue()).isEqualTo(World.json(List.of("a")));
        });
    assertThat(world.ask("Store/" + key + "/read", "a").asString()).isEqualTo("new");
  }
}
