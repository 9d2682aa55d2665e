package dev.reprise.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.chaos.rig.IngressClient;
import dev.reprise.chaos.rig.IngressClient.Answer;
import dev.reprise.chaos.rig.ServerProcess;
import dev.reprise.chaos.rig.Storm;
import dev.reprise.sdk.Handler;
import dev.reprise.sdk.ObjectContext;
import dev.reprise.sdk.StateKey;
import dev.reprise.sdk.VirtualObject;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Payloads up to their bound work everywhere; more is refused in words. */
@Timeout(120)
class PayloadTest {
  private static final int LIMIT = 32 << 20;
  private static final Duration LONG = Duration.ofSeconds(40);

  @RegisterExtension final Storm storm = new Storm();

  /** Takes, keeps and makes many bytes. */
  @VirtualObject("blobs")
  static class Blobs {
    private static final StateKey<byte[]> KEPT = StateKey.of("kept", byte[].class);

    @Handler
    public long take(ObjectContext ctx, byte[] blob) {
      return checksum(blob);
    }

    @Handler
    public byte[] make(ObjectContext ctx, int size) {
      return blob(size);
    }

    @Handler
    public void keep(ObjectContext ctx, int size) {
      ctx.set(KEPT, blob(size));
    }

    @Handler
    public long kept(ObjectContext ctx) {
      return ctx.get(KEPT).map(Blobs::checksum).orElse(-1L);
    }

    @Handler
    public long step(ObjectContext ctx, int size) {
      byte[] made = ctx.run("make", byte[].class, () -> blob(size));
      ctx.run("after", () -> {});
      return checksum(made);
    }

    static byte[] blob(int size) {
      byte[] bytes = new byte[size];
      new SplittableRandom(size).nextBytes(bytes);
      return bytes;
    }

    static long checksum(byte[] bytes) {
      CRC32 sum = new CRC32();
      sum.update(bytes);
      return sum.getValue();
    }
  }

  private IngressClient blobs() throws IOException {
    ServerProcess server = storm.server();
    server.admin().register(storm.serve(new Blobs()).uri());
    return server.ingress();
  }

  private static String sum(int size) {
    return Long.toString(Blobs.checksum(Blobs.blob(size)));
  }

  private static Answer ask(IngressClient client, String handler, int size) throws IOException {
    return client.to("blobs/k/" + handler).within(LONG).post(Integer.toString(size));
  }

  @Test
  void aLargeInputArrivesWhole() throws Exception {
    IngressClient client = blobs();
    int size = LIMIT;

    Answer answer = client.to("blobs/k/take").within(LONG).post(Blobs.blob(size));

    assertThat(answer.expectText()).isEqualTo(sum(size));
  }

  @Test
  void aByteMoreThanTheLimitIsRefusedAtTheDoor() throws Exception {
    IngressClient client = blobs();

    Answer answer = client.to("blobs/k/take").within(LONG).post(new byte[LIMIT + 1]);

    assertThat(answer.status()).isEqualTo(413);
    assertThat(client.to("blobs/k/take").post(new byte[1]).status()).isEqualTo(200);
  }

  @Test
  void aLargeOutputArrivesWhole() throws Exception {
    IngressClient client = blobs();
    int size = LIMIT;

    Answer answer = ask(client, "make", size);

    assertThat(answer.expectStatus(200).body()).isEqualTo(Blobs.blob(size));
  }

  @Test
  void aLargeValueOfStateIsKept() throws Exception {
    IngressClient client = blobs();
    int size = LIMIT;

    ask(client, "keep", size).expectText();

    assertThat(client.to("blobs/k/kept").within(LONG).post().expectText()).isEqualTo(sum(size));
  }

  @Test
  void aLargeStepResultIsJournaled() throws Exception {
    IngressClient client = blobs();
    int size = LIMIT;

    assertThat(ask(client, "step", size).expectText()).isEqualTo(sum(size));
  }

  @Test
  void aByteMoreThanTheLimitIsRefusedInWordsWhereverItComesFrom() throws Exception {
    IngressClient client = blobs();

    for (String handler : List.of("make", "keep", "step")) {
      Answer answer = ask(client, handler, LIMIT + 1);
      assertThat(answer.status()).as("%s: %s", handler, answer).isEqualTo(413);
      assertThat(answer.json().get("message").asString())
          .contains(Integer.toString(LIMIT), Integer.toString(LIMIT + 1));
    }
    assertThat(client.to("blobs/k/kept").post().expectText()).isEqualTo("-1");
  }
}
