package dev.reprise.storage.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which limit counts where. */
@Timeout(60)
class LimitRulesTest {
  private static LimitRules rules(Map<String, Integer> limits) {
    List<LimitRule> rules = new ArrayList<>();
    limits.forEach((pattern, n) -> rules.add(new LimitRule(LimitPattern.parse(pattern), n)));
    return new LimitRules(1, rules);
  }

  private static LimitLevel deepest(String scope, String limitKey) {
    return LimitLevel.of(scope, limitKey).getLast();
  }

  @Test
  void aLimitKeyCountsAtEveryLevelDownToItsLastName() {
    assertThat(LimitLevel.of("s", "")).extracting(LimitLevel::toString).containsExactly("s");
    assertThat(LimitLevel.of("s", "a"))
        .extracting(LimitLevel::toString)
        .containsExactly("s", "s/a");
    assertThat(LimitLevel.of("s", "a/b"))
        .extracting(LimitLevel::toString)
        .containsExactly("s", "s/a", "s/a/b");
  }

  @Test
  void whatNamesTheScopeCountsBeforeWhatNamesLess() {
    List<String> byRank =
        Arrays.asList("s/a/b", "s/a/*", "s/*/b", "s/*/*", "*/a/b", "*/a/*", "*/*/b", "*/*/*");
    for (int first = 0; first < byRank.size(); first++) {
      Map<String, Integer> limits = new java.util.LinkedHashMap<>();
      for (int i = byRank.size() - 1; i >= first; i--) {
        limits.put(byRank.get(i), i + 1);
      }
      assertThat(rules(limits).limitAt(deepest("s", "a/b")))
          .as("of %s", limits.keySet())
          .isEqualTo(first + 1);
    }
  }

  @Test
  void aPatternIsForItsOwnDepthOnly() {
    LimitRules rules = rules(Map.of("*", 1, "*/*", 2, "s", 3));
    assertThat(rules.limitAt(deepest("s", ""))).isEqualTo(3);
    assertThat(rules.limitAt(deepest("t", ""))).isEqualTo(1);
    assertThat(rules.limitAt(deepest("s", "a"))).isEqualTo(2);
    assertThat(rules.limitAt(deepest("s", "a/b"))).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void aRuleWithoutALimitTakesABroaderOneAway() {
    assertThat(rules(Map.of("*", 1, "s", 0)).limitAt(deepest("s", ""))).isEqualTo(Long.MAX_VALUE);
  }

  @ParameterizedTest
  @CsvSource({"s, s", "*, *", "s/*, s/*", "s/*/, s/*", " s / a , s/a", "s/a/b/, s/a/b"})
  void aPatternIsReadAsOneWritesIt(String text, String canonical) {
    assertThat(LimitPattern.parse(text)).hasToString(canonical);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "/", "/*", "s*", "a b", "a/b/c/d", "s//b", "ü", "a//"})
  void whatIsNoPatternIsRefusedWithWhatWasExpected(String text) {
    assertThatThrownBy(() -> LimitPattern.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Expected a pattern such as scope");
  }

  @Test
  void namesAreOneTo36PlainCharacters() {
    assertThat(LimitLevel.isName("a".repeat(36))).isTrue();
    assertThat(LimitLevel.isName("a".repeat(37))).isFalse();
    assertThat(LimitLevel.isName("Az_09.-")).isTrue();
    assertThat(LimitLevel.isLimitKey("a/b")).isTrue();
    assertThat(LimitLevel.isLimitKey("a/b/c")).isFalse();
    assertThat(LimitLevel.isLimitKey("/b")).isFalse();
    assertThat(LimitLevel.isLimitKey("a/")).isFalse();
  }
}
