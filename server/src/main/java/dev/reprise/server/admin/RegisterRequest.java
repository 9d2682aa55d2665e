package dev.reprise.server.admin;

import dev.reprise.cluster.metadata.DeploymentAddress;
import dev.reprise.server.http.Exchange;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a request to register says.
 *
 * @param address whether a function takes compressed bodies is not known yet
 * @param force null when the request leaves it to the API's version
 */
record RegisterRequest(
    DeploymentAddress address,
    Map<String, String> headers,
    Map<String, String> metadata,
    boolean breaking,
    @Nullable Boolean force,
    boolean dryRun) {

  /** Reads the body. Throws {@link AdminError} as the API words it. */
  static RegisterRequest parse(Exchange exchange) {
    JsonBody json = JsonBody.of(exchange);
    if (json.has("auth")) {
      throw AdminError.of(400, null, "auth of a deployment is not supported yet by this version");
    }
    return new RegisterRequest(
        address(json),
        json.headers("additional_headers"),
        json.texts("metadata"),
        json.flag("breaking"),
        json.optionalFlag("force"),
        json.flag("dry_run"));
  }

  private static DeploymentAddress address(JsonBody json) {
    String uri = json.text("uri");
    if (uri != null) {
      return new DeploymentAddress.Http(Addresses.uri(uri), json.flag("use_http_11"));
    }
    String arn = json.text("arn");
    if (arn == null) {
      throw AdminError.form(422, "Expected a string in the field 'uri' or 'arn'");
    }
    String role = json.text("assume_role_arn");
    return new DeploymentAddress.Lambda(Addresses.function(arn), role == null ? "" : role, false);
  }
}
