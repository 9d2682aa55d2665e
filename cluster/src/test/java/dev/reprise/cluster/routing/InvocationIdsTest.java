package dev.reprise.cluster.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.reprise.storage.model.HandlerKind;
import dev.reprise.storage.model.InvocationId;
import dev.reprise.storage.model.InvocationTarget;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** How ids are derived from names, and which partition they belong to. */
class InvocationIdsTest {
  private static final InvocationTarget RUN =
      new InvocationTarget("Signup", "cart", "run", HandlerKind.WORKFLOW_RUN);
  private static final InvocationTarget ADD =
      new InvocationTarget("Cart", "cart", "add", HandlerKind.EXCLUSIVE);
  private static final InvocationTarget GREET =
      new InvocationTarget("Greeter", "", "greet", HandlerKind.PLAIN);

  @Test
  void theKeyOfAKeyedTargetIsTheVectorOfTheProtocol() {
    assertThat(InvocationIds.keyed("cart")).isEqualTo(0x4666d48f18bfcb97L);
    assertThat(InvocationIds.named(RUN, "").partitionKey()).isEqualTo(0x4666d48f18bfcb97L);
    assertThat(InvocationIds.drawn(ADD, 1, 2).partitionKey()).isEqualTo(0x4666d48f18bfcb97L);
  }

  @Test
  void namedIdsAreDigestsOfTheirNames() {
    assertThat(uuid(InvocationIds.named(RUN, ""))).isEqualTo(sha("wf,Signup,cart"));
    assertThat(uuid(InvocationIds.named(ADD, "k1"))).isEqualTo(sha("ik,Cart,cart,add,k1"));
    assertThat(uuid(InvocationIds.named(GREET, "k1"))).isEqualTo(sha("ik,Greeter,greet,k1"));
  }

  private static byte[] uuid(InvocationId id) {
    return Arrays.copyOfRange(id.toBytes(), 8, 24);
  }

  private static byte[] sha(String name) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
      return Arrays.copyOf(digest, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aDrawnIdKeepsItsBitsAndAPlainServiceSpreadsOverItsBuckets() {
    assertThat(InvocationIds.drawn(GREET, 5, 6).uuidHigh()).isEqualTo(5);
    long[] keys = new long[512];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = InvocationIds.drawn(GREET, 0, i).partitionKey();
    }
    assertThat(Arrays.stream(keys).distinct().count()).isEqualTo(512);
    assertThat(InvocationIds.drawn(GREET, 0, 512).partitionKey()).isEqualTo(keys[0]);
  }

  @Test
  void rangesAreInOrderCoverAllKeysAndAreEqual() {
    SplittableRandom random = new SplittableRandom(1);
    for (int partitions : new int[] {1, 2, 3, 7, 512, 65_535}) {
      KeyRanges ranges = new KeyRanges(partitions);
      assertThat(ranges.partitionOf(0L)).isZero();
      assertThat(ranges.partitionOf(-1L)).isEqualTo(partitions - 1);
      for (int i = 0; i < 1_000; i++) {
        long a = random.nextLong();
        long b = random.nextLong();
        int ofA = ranges.partitionOf(a);
        assertThat(ofA).isBetween(0, partitions - 1);
        if (Long.compareUnsigned(a, b) <= 0) {
          assertThat(ofA).isLessThanOrEqualTo(ranges.partitionOf(b));
        }
      }
    }
    KeyRanges two = new KeyRanges(2);
    assertThat(two.partitionOf(Long.MAX_VALUE)).isZero();
    assertThat(two.partitionOf(Long.MIN_VALUE)).isEqualTo(1);
  }

  @Test
  void thereIsAtLeastOnePartitionAndTheirNumbersFitInTwoBytes() {
    assertThatIllegalArgumentException().isThrownBy(() -> new KeyRanges(0));
    assertThatIllegalArgumentException().isThrownBy(() -> new KeyRanges(65_536));
  }

  /** Ids that the real server gave to a workflow, and to a request with the key {@code k1}. */
  @Test
  void whatHasAScopeHasTheIdThatTheRealServerGivesIt() {
    InvocationTarget flow =
        new InvocationTarget("Flow", "w", "run", HandlerKind.WORKFLOW_RUN, "s1");
    InvocationTarget work = new InvocationTarget("Work", "", "busy", HandlerKind.PLAIN, "s1");

    assertThat(InvocationIds.named(flow, "")).hasToString("inv_1a1mlWikgvPI3zVffNm3fU0pUekfzzavmu");
    assertThat(InvocationIds.named(work, "k1"))
        .hasToString("inv_1a1mlWikgvPI7aFvp1R8sNksU0TWQzQ5c0");
  }

  @Test
  void allOfAScopeIsInOnePartition() {
    long key = InvocationIds.keyed("s1");
    for (HandlerKind kind : HandlerKind.values()) {
      InvocationTarget target =
          new InvocationTarget("S", kind.keyed() ? "other" : "", "h", kind, "s1");
      assertThat(InvocationIds.named(target, "i").partitionKey()).isEqualTo(key);
      assertThat(InvocationIds.drawn(target, 1, 2).partitionKey()).isEqualTo(key);
      assertThat(InvocationIds.of(target.object())).isEqualTo(key);
    }
  }
}
