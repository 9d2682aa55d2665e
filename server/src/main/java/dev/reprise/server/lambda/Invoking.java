package dev.reprise.server.lambda;

import dev.reprise.server.endpoint.EndpointAddress;
import dev.reprise.storage.model.Bytes;

/** Invokes functions. Blocks; any thread. */
interface Invoking extends AutoCloseable {
  /**
   * Invokes and waits.
   *
   * @throws FunctionException when there is no answer of the function itself
   */
  Reply invoke(EndpointAddress.Function function, byte[] payload) throws FunctionException;

  @Override
  void close();

  /** What came of it. */
  sealed interface Reply {
    /** The function's own answer. */
    record Payload(Bytes bytes) implements Reply {}

    /** Lambda did not let the request through, for now or for ever. */
    record Refused(int status) implements Reply {}
  }
}
