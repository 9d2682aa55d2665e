package dev.reprise.server.node;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What the command line says of how service endpoints are reached. */
final class EndpointFlags {
  @Option(
      names = "--request-identity-private-key-pem-file",
      paramLabel = "FILE",
      defaultValue =
          "${env:REPRISE_REQUEST_IDENTITY_PRIVATE_KEY_PEM_FILE"
              + ":-${env:RESTATE_REQUEST_IDENTITY_PRIVATE_KEY_PEM_FILE:-}}",
      description = "sign requests to endpoints with this key of Ed25519")
  String identityKey = "";

  @Option(
      names = "--endpoint-trust-pem-file",
      paramLabel = "FILE",
      defaultValue = "${env:REPRISE_ENDPOINT_TRUST_PEM_FILE:-}",
      description = "believe these certificates of endpoints beside the platform's")
  String trust = "";

  @Option(
      names = "--aws-assume-role-external-id",
      paramLabel = "ID",
      defaultValue =
          "${env:REPRISE_AWS_ASSUME_ROLE_EXTERNAL_ID"
              + ":-${env:RESTATE_AWS_ASSUME_ROLE_EXTERNAL_ID:-}}",
      description = "told to AWS when the role of a Lambda deployment is taken")
  String awsExternalId = "";

  NodeConfig.Endpoints endpoints() {
    return new NodeConfig.Endpoints(file(identityKey), file(trust), awsExternalId);
  }

  private static @Nullable Path file(String name) {
    return name.isEmpty() ? null : Path.of(name);
  }
}
