package dev.reprise.server.endpoint;

/** Which versions of the service protocol are spoken. */
public final class ServiceProtocol {
  public static final int OLDEST = 5;
  public static final int NEWEST = 6;

  private ServiceProtocol() {}
}
