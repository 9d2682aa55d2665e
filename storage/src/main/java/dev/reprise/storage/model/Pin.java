package dev.reprise.storage.model;

/** The deployment that an invocation stays on, and the protocol version that was agreed with it. */
public record Pin(String deployment, int protocolVersion) {
  public Pin {
    // One byte, in which 0 says that there is none.
    if (protocolVersion < 1 || protocolVersion > 255) {
      throw new IllegalArgumentException(
          "Expected a protocol version from 1 to 255, but got " + protocolVersion);
    }
  }
}
