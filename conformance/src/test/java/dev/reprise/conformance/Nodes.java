package dev.reprise.conformance;

import dev.reprise.conformance.Column.DoorKind;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The nodes of one server that is judged, through one kind of door. Safe for many threads. */
public final class Nodes implements AutoCloseable {
  private final List<Judged> all;

  /**
   * Where a node is.
   *
   * @param grpc host and port; without it, statuses are asked for with SQL
   */
  public record Place(URI ingress, URI admin, @Nullable String grpc) {}

  private Nodes(List<Judged> all) {
    this.all = all;
  }

  /** Asks all of them through this kind of door; that of gRPC must be known then. */
  public static Nodes through(DoorKind door, List<Place> places) {
    List<Judged> all = new ArrayList<>();
    for (Place place : places) {
      all.add(
          switch (door) {
            case HTTP -> Judged.overHttp(place.ingress(), place.admin(), place.grpc());
            case GRPC -> Judged.overGrpc(Objects.requireNonNull(place.grpc()), place.admin());
          });
    }
    return new Nodes(List.copyOf(all));
  }

  /** In the order of their places. */
  public List<Judged> all() {
    return all;
  }

  @Override
  public void close() {
    all.forEach(Judged::close);
  }
}
