package dev.reprise.chaos.rig;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The programs of the programming model, written with the official SDK, and what drives them. */
public final class Programs {
  private static final Pattern PASSED = Pattern.compile("pass [1-9]\\d*");

  private Programs() {}

  /**
   * Starts them and drives them all with the official client; returns how many passed.
   *
   * @param host what the server calls this machine by
   * @throws AssertionError with what was said, when one fails
   */
  public static String drive(URI ingress, URI admin, String host, Duration within)
      throws IOException, InterruptedException {
    ProcessBuilder drive = new ProcessBuilder("npm", "run", "--silent", "drive");
    drive.directory(NodeProject.expect().toFile());
    Map<String, String> environment = drive.environment();
    environment.putAll(addresses(ingress, admin, host));
    environment.put("DELAY_SEC", "1");
    try (JavaProcess driver = JavaProcess.start("npm run drive", drive)) {
      int code = driver.awaitEnd(within);

      String said = driver.tail();
      assertThat(code).as("%s", said).isZero();
      assertThat(said).contains("fail 0");
      Matcher passed = PASSED.matcher(said);
      assertThat(passed.find()).as("something ran: %s", said).isTrue();
      return passed.group();
    }
  }

  private static Map<String, String> addresses(URI ingress, URI admin, String host) {
    return Map.of(
        "INGRESS", ingress.toString(),
        "ADMIN", admin.toString(),
        "SERVICES_HOST", host,
        "PORT", Integer.toString(Ports.free()));
  }

  /**
   * Starts them, registers them, and lets official clients call them until the process is told to
   * end; it then prints one line that begins with {@code load} and ends with JSON.
   *
   * @param host what the server calls this machine by
   */
  public static JavaProcess load(URI ingress, URI admin, String host, int clients)
      throws IOException, InterruptedException {
    ProcessBuilder load = new ProcessBuilder("node", "--import", "tsx", "test/load.ts");
    load.directory(NodeProject.expect().toFile());
    Map<String, String> environment = load.environment();
    environment.putAll(addresses(ingress, admin, host));
    environment.put("CLIENTS", Integer.toString(clients));
    return JavaProcess.start("load", load);
  }
}
