package dev.reprise.sdk.runtime;

import dev.reprise.sdk.core.ProtocolMessage;
import java.util.List;

/** How an attempt's messages reach the server. Called by the attempt's thread. */
public interface Transport {
  /**
   * Writes messages, in order. Blocks while the server reads too slowly.
   *
   * @throws InterruptedException when the attempt is aborted meanwhile
   */
  void send(List<ProtocolMessage> messages) throws InterruptedException;

  /** One frame with so many bytes of payload is done with. */
  void consumed(int bytes);

  /** Nothing more will be sent. */
  void end();
}
