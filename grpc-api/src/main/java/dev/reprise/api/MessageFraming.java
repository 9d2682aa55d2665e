package dev.reprise.api;

/**
 * The eight bytes before each message of the service protocol, big-endian:
 *
 * <pre>
 * type (16 bits) | REQUESTED_ACK (1 bit) | reserved (15 bits) | length of the payload (32 bits)
 * </pre>
 */
public final class MessageFraming {
  /** Bytes of a header. */
  public static final int HEADER_BYTES = 8;

  /** The sender asks for an acknowledgement once the message is durable. */
  public static final long REQUESTED_ACK = 0x0000_8000_0000_0000L;

  /** The largest value: an input, an output, a value of state, the result of a step. */
  public static final int VALUE_LIMIT = 32 << 20;

  /**
   * Payloads of frames from an endpoint are shorter than this: a value of any allowed size, and
   * what stands beside it.
   */
  public static final int FRAME_LIMIT = VALUE_LIMIT + (1 << 20);

  private MessageFraming() {}

  public static long header(int type, int payloadLength) {
    return ((long) type << 48) | (payloadLength & 0xFFFF_FFFFL);
  }

  public static int type(long header) {
    return (int) (header >>> 48);
  }

  public static boolean requestsAck(long header) {
    return (header & REQUESTED_ACK) != 0;
  }

  /** The payload's length, unsigned: a hostile peer may say anything up to 4 GiB. */
  public static long length(long header) {
    return header & 0xFFFF_FFFFL;
  }
}
