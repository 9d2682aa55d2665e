package dev.reprise.sdk.core;

import com.google.protobuf.ByteString;
import java.util.List;

/** What a notification says. */
public sealed interface NotificationResult {
  record Empty() implements NotificationResult {}

  record Success(ByteString value) implements NotificationResult {}

  record Failed(int code, String message) implements NotificationResult {}

  record InvocationId(String id) implements NotificationResult {}

  record StateKeys(List<String> keys) implements NotificationResult {}
}
