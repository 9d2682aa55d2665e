package dev.reprise.cluster.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.storage.model.Awaiting;
import dev.reprise.storage.model.Awaiting.Combinator;
import dev.reprise.storage.model.SignalId;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** When a tree of awaited things is complete, and what is left of it before. */
@Timeout(60)
class AwaitedTest {
  /** Completions that are there, and whether they failed. */
  private record There(Map<Integer, Boolean> completions) implements Awaited.Leaves {
    @Override
    public boolean has(int completion) {
      return completions.containsKey(completion);
    }

    @Override
    public boolean has(SignalId signal) {
      return false;
    }

    @Override
    public boolean failed(int completion) {
      return completions.getOrDefault(completion, false);
    }

    @Override
    public boolean failed(SignalId signal) {
      return false;
    }
  }

  private static Awaiting node(Combinator combinator, Integer... completions) {
    return new Awaiting(combinator, Arrays.asList(completions), List.of(), List.of(), List.of());
  }

  private static Awaiting over(Combinator combinator, Awaiting... nested) {
    return new Awaiting(combinator, List.of(), List.of(), List.of(), List.of(nested));
  }

  private static @Nullable Awaiting rest(Awaiting tree, Map<Integer, Boolean> there) {
    return Awaited.rest(tree, new There(there));
  }

  private static final boolean SUCCESS = false;
  private static final boolean FAILURE = true;

  @Test
  void anyIsCompleteWithTheFirst() {
    Awaiting any = node(Combinator.FIRST_COMPLETED, 1, 2);

    assertThat(rest(any, Map.of(3, SUCCESS))).isSameAs(any);
    assertThat(rest(any, Map.of(2, FAILURE))).isNull();
  }

  @Test
  void allWaitsForTheLast() {
    Awaiting all = node(Combinator.ALL_COMPLETED, 1, 2);

    assertThat(rest(all, Map.of(1, FAILURE))).isEqualTo(node(Combinator.ALL_COMPLETED, 2));
    assertThat(rest(all, Map.of(1, FAILURE, 2, SUCCESS))).isNull();
  }

  @Test
  void allThatMustSucceedEndsWithTheFirstFailure() {
    Awaiting all = node(Combinator.ALL_SUCCEEDED_OR_FIRST_FAILED, 1, 2);

    assertThat(rest(all, Map.of(1, SUCCESS)))
        .isEqualTo(node(Combinator.ALL_SUCCEEDED_OR_FIRST_FAILED, 2));
    assertThat(rest(all, Map.of(1, FAILURE))).isNull();
    assertThat(rest(all, Map.of(1, SUCCESS, 2, SUCCESS))).isNull();
  }

  @Test
  void anyThatMaySucceedEndsWithTheLastFailure() {
    Awaiting any = node(Combinator.FIRST_SUCCEEDED_OR_ALL_FAILED, 1, 2);

    assertThat(rest(any, Map.of(1, FAILURE)))
        .isEqualTo(node(Combinator.FIRST_SUCCEEDED_OR_ALL_FAILED, 2));
    assertThat(rest(any, Map.of(1, SUCCESS))).isNull();
    assertThat(rest(any, Map.of(1, FAILURE, 2, FAILURE))).isNull();
  }

  @Test
  void aTreeShrinksFromBelow() {
    Awaiting tree =
        over(
            Combinator.ALL_COMPLETED,
            node(Combinator.FIRST_COMPLETED, 1, 2),
            node(Combinator.ALL_COMPLETED, 3, 4));

    assertThat(rest(tree, Map.of(1, SUCCESS, 3, SUCCESS)))
        .isEqualTo(over(Combinator.ALL_COMPLETED, node(Combinator.ALL_COMPLETED, 4)));
    assertThat(rest(tree, Map.of(1, SUCCESS, 3, SUCCESS, 4, FAILURE))).isNull();
  }

  @Test
  void howANodeEndedCountsAbove() {
    Awaiting tree =
        over(
            Combinator.ALL_SUCCEEDED_OR_FIRST_FAILED,
            node(Combinator.FIRST_COMPLETED, 1, 2),
            node(Combinator.FIRST_COMPLETED, 3));

    assertThat(rest(tree, Map.of(1, SUCCESS))).isNotNull();
    assertThat(rest(tree, Map.of(1, FAILURE))).isNull();
  }

  @Test
  void whatOnlyTheCodeCanTellIsShownToIt() {
    Awaiting tree =
        over(
            Combinator.ALL_COMPLETED,
            over(
                Combinator.ALL_SUCCEEDED_OR_FIRST_FAILED,
                node(Combinator.UNKNOWN, 1),
                node(Combinator.UNKNOWN, 2)),
            node(Combinator.ALL_COMPLETED, 3));

    assertThat(rest(tree, Map.of(3, SUCCESS))).isNotNull();
    assertThat(rest(tree, Map.of(1, SUCCESS))).isNull();
  }

  @Test
  void aTreeAsDeepAsIsAllowedIsNoTrouble() {
    Awaiting tree = node(Combinator.ALL_COMPLETED, 1, 2);
    for (int i = 1; i < Awaiting.DEPTH_LIMIT; i++) {
      tree = over(Combinator.ALL_SUCCEEDED_OR_FIRST_FAILED, tree);
    }

    assertThat(rest(tree, Map.of(1, SUCCESS))).isNotNull();
    assertThat(rest(tree, Map.of(1, SUCCESS, 2, SUCCESS))).isNull();
  }
}
