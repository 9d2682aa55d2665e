package dev.reprise.server.net;

import java.security.Security;

/** How long the addresses of names are believed. */
public final class NameLookUps {
  private static final String FOUND = "networkaddress.cache.ttl";
  private static final String NOT_FOUND = "networkaddress.cache.negative.ttl";
  private static final String SECONDS = "1";

  private NameLookUps() {}

  /**
   * A node that comes back in another container has another address, and the others must not look
   * for it at its old one for half a minute. To be called before any name is looked up.
   */
  public static void believeBriefly() {
    Security.setProperty(FOUND, SECONDS);
    Security.setProperty(NOT_FOUND, SECONDS);
    // What gRPC remembers by itself.
    System.setProperty(FOUND, SECONDS);
  }
}
