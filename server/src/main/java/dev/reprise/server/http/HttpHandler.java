package dev.reprise.server.http;

/** What a port serves. Called on the event loop of each connection; must not block. */
public interface HttpHandler {
  /** Answers the exchange, now or later. Throwing answers it with 500. */
  void handle(Exchange exchange);

  /** What is said of a request that never became an exchange; the connection may be closed then. */
  Response refusal(Refusal refusal);

  /** Why a request never became an exchange. */
  enum Refusal {
    /** Not HTTP as it should be. */
    MALFORMED(400, "Expected a well-formed HTTP request, but this is not one"),
    /** The rest of it did not come in time. */
    SLOW(408, "Expected the rest of the request sooner, but it stopped coming"),
    DECLARED_TOO_LARGE(413, "length limit exceeded"),
    STREAMED_TOO_LARGE(413, "Expected a smaller request body, but it exceeds the limit"),
    TARGET_TOO_LONG(414, "Expected a shorter request target"),
    HEADERS_TOO_LARGE(431, "Expected fewer or smaller request headers"),
    /** The bodies of all requests together take too much memory. */
    BUSY(503, "Expected room for this request's body, but too many are being received; try again"),
    /** A defect of ours: the handler threw. */
    BROKEN(500, "The server failed to handle this request; its log says why");

    private final int status;
    private final String message;

    Refusal(int status, String message) {
      this.status = status;
      this.message = message;
    }

    public int status() {
      return status;
    }

    public String message() {
      return message;
    }
  }
}
