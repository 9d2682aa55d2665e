package dev.reprise.cluster.checkpoint;

/** Somebody wants another replica's state in the place of this one's. */
final class RebuildWantedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final long index;

  /**
   * @param index what it gets must not be older
   */
  RebuildWantedException(long index) {
    super(
        "another replica's state is wanted in the place of this one's, at " + index + " or later");
    this.index = index;
  }

  long index() {
    return index;
  }
}
