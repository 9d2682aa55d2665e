package dev.reprise.conformance;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What became of one row in one column. */
public record Result(Row row, Column column, long millis, @Nullable Throwable failure) {
  public boolean passed() {
    return failure == null;
  }

  /** The failure's text, on one line and not too long. */
  public String reason() {
    String text = String.valueOf(Objects.requireNonNull(failure)).replaceAll("\\s+", " ");
    return text.substring(0, Math.min(text.length(), 300));
  }
}
