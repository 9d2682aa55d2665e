package dev.reprise.storage.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an object's whole state is to be.
 *
 * @param expectedVersion the hash of the state that it replaces, as {@code StateVersion} makes it;
 *     null when that does not matter
 * @param entries every entry of the new state; none forgets it all
 */
public record StatePatch(
    RequestId request, @Nullable String expectedVersion, List<StateEntry> entries) {
  public StatePatch {
    entries = List.copyOf(entries);
  }
}
