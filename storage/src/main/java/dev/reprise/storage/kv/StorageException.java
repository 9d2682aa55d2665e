package dev.reprise.storage.kv;

/**
 * The store, or bytes read from it, are not what they must be. Never retried by storage itself:
 * whoever owns the replica stops it, and looks at {@link #reason} to decide what heals it.
 */
public final class StorageException extends RuntimeException {
  /** What heals it. */
  public enum Reason {
    /** Bytes that do not decode to what was expected there: another version, or rot. */
    MALFORMED,
    /** Files of the store are damaged or missing: replace the replica. */
    CORRUPT,
    /** The store was closed before or during the call. */
    CLOSED,
    /** The directory cannot be used as a store: it is locked, or holds something else. */
    UNUSABLE,
    /** The disk or the store refused, for example because it is full: may work after a reopen. */
    FAILED
  }

  private final Reason reason;

  /** Malformed bytes. The message says "Expected X, but Y". */
  public StorageException(String message) {
    this(Reason.MALFORMED, message);
  }

  public StorageException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  public StorageException(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
