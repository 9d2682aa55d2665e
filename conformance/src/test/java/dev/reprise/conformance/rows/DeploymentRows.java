package dev.reprise.conformance.rows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.conformance.Row;
import dev.reprise.conformance.World;
import java.util.List;

/** Versions of a service. */
final class DeploymentRows {
  private static final String FEATURE = "deployment";

  private DeploymentRows() {}

  static List<Row> rows() {
    return List.of(
        Row.of(FEATURE, "what is in flight stays on its version", DeploymentRows::versions));
  }

  private static void versions(World world) throws Exception {
    world.deploy("old", "Edition");
    String subject = world.fresh("span");
    String id = world.send("Edition/span", subject);
    String awakeable = world.outside().awaitTrace(subject);

    world.deploy("new", "Edition");

    world.eventually(
        () -> assertThat(world.ask("Edition/which", null).asString()).isEqualTo("new"));
    world.door().resolveAwakeable(awakeable, World.json("go on"));
    assertThat(world.attach(id).expectText()).isEqualTo("old");
  }
}
