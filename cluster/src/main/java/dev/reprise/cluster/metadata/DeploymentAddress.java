package dev.reprise.cluster.metadata;

/** Where a deployment is, and how it is spoken to. */
public sealed interface DeploymentAddress {
  /** The part that tells it from other deployments: its URI or its ARN. */
  String text();

  /** Whether both name one deployment, however it is spoken to. */
  default boolean sameAs(DeploymentAddress other) {
    return text().equals(other.text());
  }

  /**
   * A network address.
   *
   * @param uri base address, with a trailing slash
   * @param http11 speaks HTTP/1.1 instead of HTTP/2
   */
  record Http(String uri, boolean http11) implements DeploymentAddress {
    @Override
    public String text() {
      return uri;
    }
  }

  /**
   * A function on AWS Lambda.
   *
   * @param arn names a version or an alias of the function
   * @param assumeRoleArn the role to take before invoking it; empty for the node's own
   * @param zstd whether it takes bodies compressed with zstd
   */
  record Lambda(String arn, String assumeRoleArn, boolean zstd) implements DeploymentAddress {
    @Override
    public String text() {
      return arn;
    }
  }
}
