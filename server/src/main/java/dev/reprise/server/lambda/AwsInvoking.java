package dev.reprise.server.lambda;

import dev.reprise.server.endpoint.EndpointAddress;
import dev.reprise.storage.model.Bytes;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.InvokeRequest;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;
import software.amazon.awssdk.services.lambda.model.LambdaException;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.auth.StsAssumeRoleCredentialsProvider;
import software.amazon.awssdk.services.sts.model.AssumeRoleRequest;

/**
 * Invokes functions with the AWS SDK: credentials and special endpoints come from where that looks
 * for them (environment, files, the machine's own). One client per region and role.
 */
final class AwsInvoking implements Invoking {
  /** A function may run for 15 minutes. Attempts are given up earlier; this frees the thread. */
  private static final Duration LONGEST_CALL = Duration.ofMinutes(15).plusSeconds(10);

  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final int CLIENTS = 64;
  private static final int TOLD_OF_AN_ERROR = 500;

  private final LambdaOptions options;
  private final SdkHttpClient http =
      UrlConnectionHttpClient.builder()
          .connectionTimeout(CONNECT)
          .socketTimeout(LONGEST_CALL)
          .build();
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Whose, Held> clients = new LinkedHashMap<>(16, 0.75f, true);

  private record Whose(String region, String role) {}

  /** A client, and what it was made of. */
  private record Held(LambdaClient client, List<AutoCloseable> parts) {}

  AwsInvoking(LambdaOptions options) {
    this.options = options;
  }

  @Override
  public Reply invoke(EndpointAddress.Function function, byte[] payload) throws FunctionException {
    try {
      InvokeResponse response =
          client(function)
              .invoke(
                  InvokeRequest.builder()
                      .functionName(function.arn())
                      .payload(SdkBytes.fromByteArrayUnsafe(payload))
                      .build());
      byte[] bytes = response.payload() == null ? new byte[0] : response.payload().asByteArray();
      if (response.functionError() != null) {
        throw new FunctionException(
            "function " + function + " failed (" + response.functionError() + "): " + begin(bytes));
      }
      return new Reply.Payload(Bytes.of(bytes));
    } catch (LambdaException e) {
      // Too many at once, or too large: these two an attempt has an answer to.
      if (e.statusCode() == 429 || e.statusCode() == 413) {
        return new Reply.Refused(e.statusCode());
      }
      throw new FunctionException("function " + function + " was not called: " + e.getMessage());
    } catch (SdkException e) {
      throw new FunctionException("function " + function + " was not called: " + e.getMessage());
    }
  }

  private static String begin(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    return text.length() <= TOLD_OF_AN_ERROR ? text : text.substring(0, TOLD_OF_AN_ERROR) + "…";
  }

  private LambdaClient client(EndpointAddress.Function function) {
    Whose whose = new Whose(function.region(), function.role());
    lock.lock();
    try {
      Held held = clients.get(whose);
      if (held == null) {
        held = make(whose);
        clients.put(whose, held);
        if (clients.size() > CLIENTS) {
          // Calls under way on it go on: the connections are shared and stay.
          Whose oldest = clients.keySet().iterator().next();
          close(clients.remove(oldest));
        }
      }
      return held.client();
    } finally {
      lock.unlock();
    }
  }

  private Held make(Whose whose) {
    List<AutoCloseable> parts = new ArrayList<>();
    DefaultCredentialsProvider own = DefaultCredentialsProvider.builder().build();
    parts.add(own);
    AwsCredentialsProvider credentials = own;
    if (!whose.role().isEmpty()) {
      StsClient sts = setUp(StsClient.builder(), whose.region(), own).httpClient(http).build();
      StsAssumeRoleCredentialsProvider role =
          StsAssumeRoleCredentialsProvider.builder()
              .stsClient(sts)
              .refreshRequest(assuming(whose.role()))
              .build();
      parts.addFirst(sts);
      parts.addFirst(role);
      credentials = role;
    }
    LambdaClient client =
        setUp(LambdaClient.builder(), whose.region(), credentials).httpClient(http).build();
    parts.addFirst(client);
    return new Held(client, parts);
  }

  private AssumeRoleRequest assuming(String role) {
    AssumeRoleRequest.Builder request =
        AssumeRoleRequest.builder().roleArn(role).roleSessionName(options.sessionName());
    if (!options.externalId().isEmpty()) {
      request.externalId(options.externalId());
    }
    return request.build();
  }

  private <B extends AwsClientBuilder<B, C>, C> B setUp(
      B builder, String region, AwsCredentialsProvider credentials) {
    builder
        .region(Region.of(region))
        .credentialsProvider(credentials)
        // The invoker retries, by its own policies, and counts.
        .overrideConfiguration(it -> it.retryStrategy(AwsRetryStrategy.doNotRetry()));
    URI endpoint = options.endpoint();
    return endpoint == null ? builder : builder.endpointOverride(endpoint);
  }

  private static void close(@Nullable Held held) {
    if (held == null) {
      return;
    }
    for (AutoCloseable part : held.parts()) {
      try {
        part.close();
      } catch (Exception e) {
        throw new IllegalStateException("Expected a client of AWS to close", e);
      }
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      clients.values().forEach(AwsInvoking::close);
      clients.clear();
      http.close();
    } finally {
      lock.unlock();
    }
  }
}
