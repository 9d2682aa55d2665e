package dev.reprise.chaos;

import dev.reprise.chaos.rig.NodeProject;
import dev.reprise.chaos.rig.Programs;
import dev.reprise.chaos.rig.ServerProcess;
import dev.reprise.chaos.rig.Storm;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The programs of the programming model, with the official SDK and the official client, on this
 * server. Skipped where there is no Node or nothing is installed, unless {@code REPRISE_CI=1}.
 */
class TypeScriptTest {
  private static final Duration PATIENCE = Duration.ofSeconds(130);

  @RegisterExtension final Storm storm = new Storm();

  @Test
  @Timeout(150)
  void theProgrammingModelRunsWithTheOfficialSdkAndClient() throws Exception {
    NodeProject.expect();
    ServerProcess server = storm.server();

    String summary =
        Programs.drive(server.ingress().base(), server.admin().base(), "localhost", PATIENCE);

    storm.say("%s", summary);
  }
}
