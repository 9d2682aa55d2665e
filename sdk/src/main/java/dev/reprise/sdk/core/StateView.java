package dev.reprise.sdk.core;

import com.google.protobuf.ByteString;
import dev.reprise.api.protocol.StartMessage;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What an attempt knows of its object's state: what the server sent along, and its own changes. */
final class StateView {
  /** An empty value is a key that was cleared here. */
  private final Map<ByteString, Optional<ByteString>> known = new HashMap<>();

  private boolean complete;

  StateView(StartMessage start) {
    complete = !start.getPartialState();
    start
        .getStateMapList()
        .forEach(entry -> known.put(entry.getKey(), Optional.of(entry.getValue())));
  }

  boolean knows(ByteString key) {
    return complete || known.containsKey(key);
  }

  Optional<ByteString> find(ByteString key) {
    return known.getOrDefault(key, Optional.empty());
  }

  boolean knowsAllKeys() {
    return complete;
  }

  List<ByteString> sortedKeys() {
    return known.entrySet().stream()
        .filter(entry -> entry.getValue().isPresent())
        .map(Map.Entry::getKey)
        .sorted(ByteString.unsignedLexicographicalComparator())
        .toList();
  }

  void set(ByteString key, ByteString value) {
    known.put(key, Optional.of(value));
  }

  void clear(ByteString key) {
    known.put(key, Optional.empty());
  }

  void clearAll() {
    known.clear();
    complete = true;
  }
}
