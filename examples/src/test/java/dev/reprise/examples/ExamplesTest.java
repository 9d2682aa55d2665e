package dev.reprise.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** All examples are served; what they do is tried against a server elsewhere. */
@Timeout(30)
class ExamplesTest {
  private static final String MANIFEST = "application/vnd.restate.endpointmanifest.v4+json";

  @Test
  void allExamplesAreFoundBehindOnePort() throws IOException, InterruptedException {
    try (var endpoint = Main.serve(0);
        var client = HttpClient.newHttpClient()) {
      var request =
          HttpRequest.newBuilder(endpoint.uri().resolve("/discover"))
              .version(HttpClient.Version.HTTP_1_1)
              .header("accept", MANIFEST)
              .build();
      String manifest = client.send(request, HttpResponse.BodyHandlers.ofString()).body();
      for (String service :
          List.of(
              "hello-restate",
              "roles",
              "greeter",
              "retrievedata",
              "newsletter",
              "usersignup",
              "expenses")) {
        assertThat(manifest).contains("\"name\":\"" + service + "\"");
      }
    }
  }
}
