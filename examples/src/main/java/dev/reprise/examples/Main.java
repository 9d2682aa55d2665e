package dev.reprise.examples;

import dev.reprise.sdk.http.Endpoint;
import dev.reprise.sdk.http.ServingEndpoint;

/** Serves all examples: on the port that is given as argument or in {@code PORT}, or on 9080. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    String port = args.length > 0 ? args[0] : System.getenv().getOrDefault("PORT", "9080");
    ServingEndpoint endpoint = serve(Integer.parseInt(port));
    Runtime.getRuntime().addShutdownHook(new Thread(endpoint::close));
    System.out.println("examples on " + endpoint.uri());
  }

  static ServingEndpoint serve(int port) {
    return Endpoint.bind(
            new HelloWorld(),
            new RoleUpdates(),
            new Greeter(),
            new DataRetrieval(),
            new Newsletter(),
            new UserSignup(),
            new Expenses())
        .listen(port);
  }
}
