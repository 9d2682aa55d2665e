package dev.reprise.conformance;

import java.util.EnumSet;
import java.util.Set;

/**
 * One row of the table: a promise of the programming model, told as a story.
 *
 * @param feature what the row is about, in a word
 * @param promise a sentence; with the feature the row's name
 * @param sdks which SDKs have words for it
 * @param settings in which it can be told
 */
public record Row(
    String feature, String promise, Set<Sdk> sdks, Set<Setting> settings, Story story) {
  /** Given, when, then; fails with an assertion's error or any other. */
  @FunctionalInterface
  public interface Story {
    void tell(World world) throws Exception;
  }

  public static Row of(String feature, String promise, Story story) {
    return new Row(feature, promise, EnumSet.allOf(Sdk.class), EnumSet.allOf(Setting.class), story);
  }

  /** The same row, for an SDK alone. */
  public Row only(Sdk sdk) {
    return new Row(feature, promise, Set.of(sdk), settings, story);
  }

  /** The same row, for a setting alone. */
  public Row onlyIn(Setting setting) {
    return new Row(feature, promise, sdks, Set.of(setting), story);
  }

  boolean isIn(Column column) {
    return sdks.contains(column.sdk()) && settings.contains(column.setting());
  }

  public String name() {
    return feature + ": " + promise;
  }
}
