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
        Row.of(FEATURE, "what is in flight stays on its version, or is moved", DeploymentRows::all),
        Row.of(FEATURE, "one that is used is not removed", DeploymentRows::used),
        Row.of(FEATURE, "one that is about to be used is not removed", DeploymentRows::aboutToBe));
  }

  /** One after the other, for both replace the service's versions. */
  private static void all(World world) throws Exception {
    versions(world);
    moved(world);
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

  private static void moved(World world) throws Exception {
    world.deploy("broken", "Edition");
    String subject = world.fresh("mend");
    String id = world.send("Edition/mend", subject);
    world.outside().awaitTrace(subject);
    world.deploy("better", "Edition");
    world.eventually(
        () -> assertThat(world.ask("Edition/which", null).asString()).isEqualTo("better"));
    world.patch(id, "pause");
    world.awaitStatus(id, "paused");

    world.patch(id, "resume?deployment=latest").expectStatus(200);

    assertThat(world.attach(id).expectText()).isEqualTo("mended by better");
  }

  private static void used(World world) throws Exception {
    String first = world.deploy("1", "Leaver");
    String subject = world.fresh("span");
    String id = world.send("Leaver/span", subject);
    String awakeable = world.outside().awaitTrace(subject);
    world.deploy("2", "Leaver");

    world.admin("DELETE", "deployments/" + first, null).expectStatus(409);

    world.door().resolveAwakeable(awakeable, World.json("go on"));
    assertThat(world.attach(id).expectText()).isEqualTo("go on");
    world.eventually(() -> world.admin("DELETE", "deployments/" + first, null).expectStatus(202));
    world.admin("GET", "deployments/" + first, null).expectStatus(404);
  }

  /**
   * Until it says something, an invocation belongs to no version, and then to the one it ran on.
   */
  private static void aboutToBe(World world) throws Exception {
    String first = world.deploy("1", "Silent");
    String subject = world.fresh("silent");
    String id = world.send("Silent/think", subject);
    world.outside().awaitTrace(subject);
    world.deploy("2", "Silent");

    int status = world.admin("DELETE", "deployments/" + first, null).status();

    world.outside().raise(subject);
    int times = world.attach(id).expectValue().asInt();
    if (world.leadersMayChange() && (status == 202 || times > 1)) {
      // It has said nothing yet, so that the next leader began it anew on what is the latest.
      return;
    }
    assertThat(status).isEqualTo(409);
    assertThat(times).isEqualTo(1);
    world.eventually(() -> world.admin("DELETE", "deployments/" + first, null).expectStatus(202));
  }
}
