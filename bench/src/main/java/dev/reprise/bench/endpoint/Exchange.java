package dev.reprise.bench.endpoint;

import io.netty.buffer.ByteBuf;

/** One HTTP request and what becomes of it. Called on the event loop's thread. */
interface Exchange {
  /** More of the request's body; not kept after the call. */
  void data(ByteBuf data);

  /** Nothing more will come. */
  void requestEnded();

  /** The stream is gone, finished or not. */
  void gone();

  /** The response to an {@link Exchange}. Called on the event loop's thread. */
  interface Reply {
    /**
     * Sends the head if it was not sent yet, and part of the body.
     *
     * @param body read to its end, not kept
     * @param last whether the response ends with it
     */
    void body(ByteBuf body, boolean last);
  }
}
