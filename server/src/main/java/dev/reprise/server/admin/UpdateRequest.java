package dev.reprise.server.admin;

import dev.reprise.cluster.metadata.Deployment;
import dev.reprise.cluster.metadata.DeploymentAddress;
import dev.reprise.server.http.Exchange;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a request to update a deployment says.
 *
 * @param address null when it stays
 * @param headers null when they stay
 */
record UpdateRequest(
    @Nullable DeploymentAddress address,
    @Nullable Map<String, String> headers,
    boolean overwrite,
    boolean dryRun) {

  /** Reads the body for this deployment. Throws {@link AdminError} as the API words it. */
  static UpdateRequest parse(Exchange exchange, Deployment now) {
    JsonBody json = JsonBody.of(exchange);
    DeploymentAddress address =
        switch (now.address()) {
          case DeploymentAddress.Http http -> http(json, http);
          case DeploymentAddress.Lambda lambda -> lambda(json, lambda);
        };
    return new UpdateRequest(
        address.equals(now.address()) ? null : address,
        json.has("additional_headers") ? json.headers("additional_headers") : null,
        json.flag("overwrite"),
        json.flag("dry_run"));
  }

  private static DeploymentAddress http(JsonBody json, DeploymentAddress.Http now) {
    if (json.has("arn") || json.has("assume_role_arn")) {
      throw AdminError.of(
          400, null, "Expected uri or use_http_11 for an HTTP deployment, but got arn");
    }
    String uri = json.text("uri");
    Boolean http11 = json.optionalFlag("use_http_11");
    return new DeploymentAddress.Http(
        uri == null ? now.uri() : Addresses.uri(uri), http11 == null ? now.http11() : http11);
  }

  private static DeploymentAddress lambda(JsonBody json, DeploymentAddress.Lambda now) {
    if (json.has("uri") || json.has("use_http_11")) {
      throw AdminError.of(
          400, null, "Expected arn or assume_role_arn for a Lambda deployment, but got uri");
    }
    String arn = json.text("arn");
    String role = json.text("assume_role_arn");
    return new DeploymentAddress.Lambda(
        arn == null ? now.arn() : Addresses.function(arn),
        role == null ? now.assumeRoleArn() : role,
        now.zstd());
  }
}
