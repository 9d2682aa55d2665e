package dev.reprise.server.config;

import java.nio.file.Path;
import java.util.List;

/** Options of how service endpoints are reached. */
public final class ReachOptions {
  public static final Option<Path> IDENTITY_KEY =
      Option.of(
          "request-identity-private-key-pem-file",
          "request-identity-private-key-pem-file",
          OptionType.PATH,
          null,
          "sign requests to endpoints with this key of Ed25519");
  public static final Option<Path> ENDPOINT_TRUST =
      Option.of(
          "endpoint-trust-pem-file",
          "endpoint-trust-pem-file",
          OptionType.PATH,
          null,
          "believe these certificates of endpoints beside the platform's");
  public static final Option<String> AWS_EXTERNAL_ID =
      Option.of(
          "aws-assume-role-external-id",
          "aws-assume-role-external-id",
          OptionType.TEXT,
          "",
          "told to AWS when the role of a Lambda deployment is taken");

  static final Catalogue.Section ALL =
      new Catalogue.Section(
          "Service endpoints", List.of(IDENTITY_KEY, ENDPOINT_TRUST, AWS_EXTERNAL_ID));

  private ReachOptions() {}
}
