package dev.reprise.server.admin;

import org.jspecify.annotations.Nullable;

/** An endpoint could not be asked, or what it said cannot be used. */
public final class DiscoveryException extends RuntimeException {
  private final @Nullable String code;
  private final int httpStatus;

  /**
   * A failed discovery.
   *
   * @param code the stable code, {@code META…}; null when there is none
   * @param httpStatus what the admin API answers with
   * @param message says what was expected, fit for a client's eyes
   */
  public DiscoveryException(@Nullable String code, int httpStatus, String message) {
    super(message);
    this.code = code;
    this.httpStatus = httpStatus;
  }

  public @Nullable String code() {
    return code;
  }

  public int httpStatus() {
    return httpStatus;
  }
}
