package dev.reprise.bench.endpoint;

/**
 * What all attempts of an endpoint share, on its one thread.
 *
 * @param writer empty between the turns of attempts
 */
record Shared(Counts counts, Sink sink, MessageWriter writer) {
  Shared() {
    this(new Counts(), new Sink(), new MessageWriter());
  }

  void reset() {
    counts.reset();
    sink.reset();
  }

  /** All counts as one JSON object. */
  String toJson() {
    StringBuilder json = new StringBuilder("{");
    counts.appendTo(json);
    sink.appendTo(json);
    return json.append('}').toString();
  }
}
