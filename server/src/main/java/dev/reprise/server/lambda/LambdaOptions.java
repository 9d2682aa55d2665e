package dev.reprise.server.lambda;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * How functions are called.
 *
 * @param sessionName by which AWS lists who has taken a role
 * @param externalId told when a role is taken; empty for none
 * @param endpoint where AWS is; null for where the AWS SDK looks
 * @param calls at once; further ones are refused
 * @param compressFrom bytes of a request's body, where the function takes compressed ones
 */
public record LambdaOptions(
    String sessionName, String externalId, @Nullable URI endpoint, int calls, int compressFrom) {
  private static final int CALLS = 4_000;
  private static final int COMPRESS_FROM = 4 << 20;
  private static final int LONGEST_NAME = 64;

  /** What holds where nothing else is said. */
  public static LambdaOptions of(String clusterName, String externalId) {
    String name = ("reprise-" + clusterName).replaceAll("[^A-Za-z0-9_=,.@-]", "-");
    return new LambdaOptions(
        name.substring(0, Math.min(name.length(), LONGEST_NAME)),
        externalId,
        null,
        CALLS,
        COMPRESS_FROM);
  }
}
