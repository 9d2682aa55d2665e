package dev.reprise.cluster.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whoever asks whether something is registered is answered by what was so when it asked. */
@Timeout(60)
class CatchingUpTest {
  private final BlockingQueue<CompletableFuture<MetadataResult>> proposed =
      new LinkedBlockingQueue<>();
  private final CatchingUp catchingUp =
      CatchingUp.with(new Proposals(), System::nanoTime, ForkJoinPool.commonPool());

  /** A log whose entries the test commits. */
  private final class Proposals implements Registrar {
    @Override
    public Registry registry() {
      return Registry.EMPTY;
    }

    @Override
    public CompletableFuture<MetadataResult> propose(MetadataCommand command) {
      assertThat(command).isEqualTo(new MetadataCommand.CatchUp());
      CompletableFuture<MetadataResult> answer = new CompletableFuture<>();
      proposed.add(answer);
      return answer;
    }
  }

  @Test
  void whoAsksWhileAnEntryIsUnderWayIsServedByTheNextAndAllOfThemByOne() throws Exception {
    CompletableFuture<Void> first = catchingUp.toNow();
    CompletableFuture<MetadataResult> underWay = next();
    List<CompletableFuture<Void>> later = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      later.add(catchingUp.toNow());
    }

    underWay.complete(new MetadataResult.CaughtUp());
    first.get(10, TimeUnit.SECONDS);
    CompletableFuture<MetadataResult> shared = next();
    assertThat(later).noneMatch(CompletableFuture::isDone);

    shared.complete(new MetadataResult.CaughtUp());
    CompletableFuture.allOf(later.toArray(CompletableFuture[]::new)).get(10, TimeUnit.SECONDS);
    assertThat(proposed).isEmpty();
  }

  @Test
  void aLostEntryIsProposedAgainAndWithoutALeaderThereIsAnAnswerInTime() throws Exception {
    CompletableFuture<Void> lucky = catchingUp.toNow();
    next().completeExceptionally(new MetadataUnavailableException("lost"));
    next().complete(new MetadataResult.CaughtUp());
    lucky.get(10, TimeUnit.SECONDS);

    CompletableFuture<Void> late = catchingUp.toNow();
    assertThatThrownBy(() -> late.get(30, TimeUnit.SECONDS))
        .hasCauseInstanceOf(MetadataUnavailableException.class)
        .hasMessageContaining("try again");
  }

  @Test
  void aNodeThatIsAloneHasMissedNothing() {
    assertThat(CatchingUp.alone().canHaveMissed()).isFalse();
    assertThat(CatchingUp.alone().toNow()).isCompleted();
  }

  private CompletableFuture<MetadataResult> next() throws InterruptedException {
    CompletableFuture<MetadataResult> found = proposed.poll(10, TimeUnit.SECONDS);
    assertThat(found).as("an entry is proposed").isNotNull();
    return found;
  }
}
