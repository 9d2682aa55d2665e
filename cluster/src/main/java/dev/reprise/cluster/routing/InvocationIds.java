package dev.reprise.cluster.routing;

import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;
import dev.reprise.storage.model.InvocationId;
import dev.reprise.storage.model.InvocationTarget;
import dev.reprise.storage.model.ObjectId;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * How invocation ids are made. A workflow's run and a request with an idempotency key have ids that
 * anyone can work out again from their names; all others are drawn.
 */
public final class InvocationIds {
  private static final Hasher64 XXH3 = Hashing.xxh3_64();
  private static final int BUCKETS = 512;

  private InvocationIds() {}

  /**
   * The id of a request that names itself.
   *
   * <p>A scope stands right behind the prefix, as if each scope had services of its own.
   *
   * @param idempotencyKey not empty, except for a workflow's run handler, which is named by its key
   */
  public static InvocationId named(InvocationTarget target, String idempotencyKey) {
    String service = target.scoped() ? target.scope() + "," + target.service() : target.service();
    String name =
        switch (target.kind()) {
          case WORKFLOW_RUN -> "wf," + service + "," + target.key();
          case EXCLUSIVE, SHARED, WORKFLOW_SHARED ->
              "ik," + String.join(",", service, target.key(), target.handler(), idempotencyKey);
          case PLAIN -> "ik," + String.join(",", service, target.handler(), idempotencyKey);
        };
    ByteBuffer digest = ByteBuffer.wrap(sha256(name));
    long key =
        placed(target)
            ? of(target.object())
            : unkeyed(target.service(), (int) unsignedMod(keyed(idempotencyKey)));
    return new InvocationId(key, digest.getLong(), digest.getLong());
  }

  /** An id that nobody else has: 128 bits given by the caller. */
  public static InvocationId drawn(InvocationTarget target, long high, long low) {
    long key =
        placed(target)
            ? of(target.object())
            : unkeyed(target.service(), (int) (low & (BUCKETS - 1)));
    return new InvocationId(key, high, low);
  }

  private static boolean placed(InvocationTarget target) {
    return target.kind().keyed() || target.scoped();
  }

  /**
   * The partition key of an object or a workflow, and of whatever has a scope: all of a scope has
   * one, whatever it is and whatever its key, so that the limits of a scope are kept in one place.
   */
  public static long of(ObjectId object) {
    return keyed(object.scope().isEmpty() ? object.key() : object.scope());
  }

  /** The partition key of an object or workflow key: its service is not part of it. */
  public static long keyed(String key) {
    return XXH3.hashBytesToLong(terminated(key));
  }

  private static long unkeyed(String service, int bucket) {
    byte[] name = terminated(service);
    byte[] kind = terminated("unscoped/service");
    ByteBuffer bytes =
        ByteBuffer.allocate(name.length + kind.length + Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put(name).put(kind).putLong(bucket);
    return XXH3.hashBytesToLong(bytes.array());
  }

  private static long unsignedMod(long hash) {
    return Long.remainderUnsigned(hash, BUCKETS);
  }

  private static byte[] terminated(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    byte[] bytes = new byte[utf8.length + 1];
    System.arraycopy(utf8, 0, bytes, 0, utf8.length);
    bytes[utf8.length] = (byte) 0xFF;
    return bytes;
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Expected every Java platform to know SHA-256", e);
    }
  }
}
