package dev.reprise.sdk.core;

import java.util.ArrayList;
import java.util.List;

/** Messages that wait to be written, in order. */
final class Output {
  private List<ProtocolMessage> waiting = new ArrayList<>();
  private int bytes;

  void add(ProtocolMessage message) {
    waiting.add(message);
    bytes += message.body().getSerializedSize();
  }

  int bytes() {
    return bytes;
  }

  List<ProtocolMessage> take() {
    List<ProtocolMessage> taken = waiting;
    waiting = new ArrayList<>();
    bytes = 0;
    return taken;
  }
}
