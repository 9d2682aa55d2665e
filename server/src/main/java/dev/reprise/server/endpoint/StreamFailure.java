package dev.reprise.server.endpoint;

/**
 * Why an exchange broke, for a person.
 *
 * @param untouched whether it is certain that the peer has not looked at the request
 */
public record StreamFailure(Kind kind, String message, boolean untouched) {

  /** What broke. */
  public enum Kind {
    /** No connection came about. */
    CONNECT,
    /** The peer speaks something else than it was taken for. */
    NOT_HTTP2,
    /** The connection or the stream was closed or reset. */
    BROKEN
  }
}
