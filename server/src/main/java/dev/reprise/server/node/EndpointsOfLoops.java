package dev.reprise.server.node;

import dev.reprise.server.endpoint.EndpointMeans;
import dev.reprise.server.endpoint.EndpointOptions;
import dev.reprise.server.endpoint.LoopEndpoints;
import dev.reprise.server.net.EventLoops;
import java.util.ArrayList;
import java.util.List;

/** The endpoint connections of each event loop: partitions on one loop share theirs. */
final class EndpointsOfLoops implements AutoCloseable {
  private final List<LoopEndpoints> byLoop = new ArrayList<>();

  EndpointsOfLoops(EventLoops loops, EndpointMeans means) {
    for (int i = 0; i < loops.size(); i++) {
      byLoop.add(
          new LoopEndpoints(
              loops.loop(i).eventLoop(), loops.channel(), EndpointOptions.DEFAULTS, means));
    }
  }

  LoopEndpoints of(int partition) {
    return byLoop.get(partition % byLoop.size());
  }

  @Override
  public void close() {
    byLoop.forEach(LoopEndpoints::close);
  }
}
