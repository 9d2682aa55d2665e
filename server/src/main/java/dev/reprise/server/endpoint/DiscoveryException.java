package dev.reprise.server.endpoint;

import org.jspecify.annotations.Nullable;

/** An endpoint cannot be registered. The message is fit for whoever asked for it. */
public final class DiscoveryException extends Exception {
  private static final long serialVersionUID = 1;

  private final @Nullable String code;
  private final int httpStatus;

  /**
   * @param code such as {@code META0013}; null where there is none
   * @param httpStatus what the admin API answers
   */
  public DiscoveryException(@Nullable String code, int httpStatus, String message) {
    super(message, null, false, false);
    this.code = code;
    this.httpStatus = httpStatus;
  }

  public @Nullable String code() {
    return code;
  }

  public int httpStatus() {
    return httpStatus;
  }

  /** It is not what was expected of a manifest. */
  static DiscoveryException malformed(String message) {
    return new DiscoveryException("META0013", 500, message);
  }

  /** It has the form of a manifest, but its content does not fit the schema. */
  static DiscoveryException unfit(String message) {
    return new DiscoveryException(null, 500, message);
  }

  /** It fits the schema, but asks for something that may not be. */
  static DiscoveryException refused(String message) {
    return new DiscoveryException(null, 400, message);
  }
}
