package dev.reprise.cluster.metadata;

/**
 * The registry cannot be changed through this node at the moment. The change may or may not have
 * been made; registering again is harmless.
 */
public final class MetadataUnavailableException extends RuntimeException {
  public MetadataUnavailableException(String message) {
    super(message);
  }
}
