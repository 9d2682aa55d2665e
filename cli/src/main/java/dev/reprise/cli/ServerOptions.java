package dev.reprise.cli;

import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** Where the server is. */
final class ServerOptions {
  @Option(
      names = "--admin",
      paramLabel = "URL",
      scope = ScopeType.INHERIT,
      defaultValue = "${env:REPRISE_ADMIN_URL:-${env:RESTATE_ADMIN_URL:-http://127.0.0.1:9070}}",
      description = "Admin HTTP address; also REPRISE_ADMIN_URL. Default: ${DEFAULT-VALUE}")
  private String admin = "http://127.0.0.1:9070";

  @Option(
      names = "--grpc",
      paramLabel = "HOST:PORT",
      scope = ScopeType.INHERIT,
      defaultValue = "${env:REPRISE_GRPC_ADDRESS:-127.0.0.1:9071}",
      description = "gRPC address; also REPRISE_GRPC_ADDRESS. Default: ${DEFAULT-VALUE}")
  private String grpc = "127.0.0.1:9071";

  AdminHttp adminHttp() {
    return new AdminHttp(admin);
  }

  ClusterRpc clusterRpc() {
    return new ClusterRpc(adminRpc());
  }

  AdminRpc adminRpc() {
    return new AdminRpc(grpc);
  }
}
