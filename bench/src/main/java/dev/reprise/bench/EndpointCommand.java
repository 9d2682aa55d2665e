package dev.reprise.bench;

import dev.reprise.bench.endpoint.NullEndpoint;
import java.net.InetSocketAddress;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Serves the null endpoint until it is ended. */
@Command(
    name = "endpoint",
    description = "The null endpoint: register http://HOST:PORT/b (streaming) or /rr.",
    mixinStandardHelpOptions = true,
    showDefaultValues = true)
final class EndpointCommand implements Callable<Integer> {
  /** What is printed before the port, for those who start the endpoint and let it pick one. */
  static final String READY = "serving on port ";

  @Option(names = "--host", description = "Address to bind.")
  private String host = "127.0.0.1";

  @Option(names = "--port", description = "0 picks a free one.")
  private int port = 9080;

  @Override
  public Integer call() {
    try (NullEndpoint endpoint = NullEndpoint.serve(new InetSocketAddress(host, port))) {
      System.out.println(READY + endpoint.port());
      endpoint.awaitClose();
      return 0;
    }
  }
}
