package dev.reprise.conformance;

/** A column of the table: with which SDK, in which setting, through which door. */
public record Column(Sdk sdk, Setting setting, DoorKind door) {
  /** The doors that there are. */
  public enum DoorKind {
    HTTP,
    GRPC
  }

  @Override
  public String toString() {
    return sdk + " " + setting + (door == DoorKind.GRPC ? " gRPC" : "");
  }
}
