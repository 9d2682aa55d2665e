package dev.reprise.server.endpoint;

/** Which versions of the service protocol are spoken. */
public final class ServiceProtocol {
  public static final int OLDEST = 5;

  /** Understood; spoken only where the node's options say so. */
  public static final int NEWEST = 7;

  /** What a node speaks at most where nothing is said: what the other servers of the model do. */
  public static final int DEFAULT = 6;

  private ServiceProtocol() {}
}
