package dev.reprise.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.chaos.rig.JavaProcess;
import dev.reprise.chaos.rig.NodeProject;
import dev.reprise.chaos.rig.ServerProcess;
import dev.reprise.chaos.rig.Storm;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The programs of the programming model, with the official SDK and the official client, on this
 * server. Skipped where there is no Node or nothing is installed, unless {@code REPRISE_CI=1}.
 */
class TypeScriptTest {
  @RegisterExtension final Storm storm = new Storm();

  @Test
  @Timeout(150)
  void theProgrammingModelRunsWithTheOfficialSdkAndClient() throws Exception {
    Path project = NodeProject.expect();
    ServerProcess server = storm.server();

    ProcessBuilder drive = new ProcessBuilder("npm", "run", "--silent", "drive");
    drive.directory(project.toFile());
    Map<String, String> environment = drive.environment();
    environment.put("INGRESS", server.ingress().base().toString());
    environment.put("ADMIN", server.admin().base().toString());
    environment.put("PORT", Integer.toString(freePort()));
    environment.put("DELAY_SEC", "1");
    try (JavaProcess driver = JavaProcess.start("npm run drive", drive)) {
      int code = driver.awaitEnd(Duration.ofSeconds(130));

      assertThat(code).as("%s", driver.tail()).isZero();
      String summary = driver.tail();
      assertThat(summary).as("something ran").containsPattern("pass [1-9]").contains("fail 0");
      storm.say("%s", first(summary, "pass \\d+"));
    }
  }

  private static String first(String text, String pattern) {
    Matcher matcher = Pattern.compile(pattern).matcher(text);
    return matcher.find() ? matcher.group() : "";
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
