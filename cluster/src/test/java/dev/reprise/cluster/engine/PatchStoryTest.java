package dev.reprise.cluster.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.storage.model.Bytes;
import dev.reprise.storage.model.ObjectId;
import dev.reprise.storage.model.RequestId;
import dev.reprise.storage.model.StateEntry;
import dev.reprise.storage.model.StatePatch;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** State that is changed from outside. */
class PatchStoryTest extends StoryTest {
  private static final ObjectId OBJECT = new ObjectId("Counter", "k");
  private static final String EMPTY = "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU";

  private static Command patch(long request, @Nullable String version, StateEntry... entries) {
    return new Command.PatchState(
        OBJECT, new StatePatch(new RequestId(0, request), version, List.of(entries)));
  }

  private static StateEntry entry(String key, String value) {
    return new StateEntry(Bytes.utf8(key), Bytes.utf8(value));
  }

  private List<StateEntry> state() {
    List<StateEntry> entries = new ArrayList<>();
    try (var scan = partition.view().state(OBJECT)) {
      while (scan.next()) {
        entries.add(new StateEntry(scan.key().key(), scan.value()));
      }
    }
    return entries;
  }

  @Test
  void aPatchIsAllThereIsAfterwards() {
    partition.when(patch(1, null, entry("a", "1"), entry("b", "2"))).answers("done");
    partition.when(patch(2, null, entry("b", "3"))).answers("done").emitsNothing();

    assertThat(state()).containsExactly(entry("b", "3"));
    partition.when(patch(3, null)).answers("done");
    assertThat(state()).isEmpty();
  }

  @Test
  void aPatchOfAnotherVersionIsRefused() {
    assertThat(StateVersion.of(List.of())).isEqualTo(EMPTY);
    partition.when(patch(1, EMPTY, entry("a", "1"))).answers("done");

    partition.when(patch(2, EMPTY, entry("a", "2"))).answers("rejected OTHER_VERSION");
    partition.when(patch(3, StateVersion.of(state()), entry("a", "2"))).answers("done");
    assertThat(state()).containsExactly(entry("a", "2"));
  }

  @Test
  void whileAnInvocationHasTheKeyAPatchWaits() {
    partition.when(Asked.exclusive("first", "k")).when(Asked.exclusive("second", "k"));
    partition.when(patch(1, null, entry("a", "1"))).answers("requested");
    partition.when(patch(1, null, entry("a", "1"))).answers("requested");
    partition.when(patch(2, null, entry("a", "2"))).answers("requested");
    assertThat(state()).isEmpty();

    partition.when(partition.says("first", 1, Says.set("a", "0"), Says.output("x"), Says.end()));

    partition.emits("ended first x", "start second");
    assertThat(state()).containsExactly(entry("a", "2"));
    partition.when(partition.says("second", 1, Says.set("a", "9"), Says.output("x"), Says.end()));
    assertThat(state()).containsExactly(entry("a", "9"));
  }

  @Test
  void aPatchThatWaitsAndFindsAnotherVersionIsDropped() {
    partition.when(Asked.exclusive("first", "k"));
    partition.when(patch(1, EMPTY, entry("a", "1"))).answers("requested");

    partition.when(partition.says("first", 1, Says.set("b", "0"), Says.output("x"), Says.end()));
    assertThat(state()).containsExactly(entry("b", "0"));
  }

  @Test
  void onlySoManyPatchesWait() {
    partition.when(Asked.exclusive("first", "k"));
    for (int i = 0; i < 64; i++) {
      partition.when(patch(i, null, entry("a", "1"))).answers("requested");
    }

    partition.when(patch(64, null, entry("a", "1"))).answers("rejected TOO_MANY");
    partition.when(new Command.Kill(Asked.id("first")));
    assertThat(partition.view().lock(OBJECT)).isNull();
  }
}
