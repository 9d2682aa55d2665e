package dev.reprise.server.grpc;

import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;

/** How connections to other nodes begin, whatever goes over them. Any thread. */
public final class NodeChannels {
  private NodeChannels() {}

  /**
   * A connection that looks the host up by itself, again after each failure: a node may come back
   * at another address. No proxy is asked.
   *
   * @param authority host and port
   * @param tls how nodes speak to each other
   */
  public static NettyChannelBuilder to(String authority, NodeTls tls) {
    return NettyChannelBuilder.forTarget("dns:///" + authority, tls.channel())
        .proxyDetector(target -> null);
  }
}
