package dev.reprise.sdk.runtime;

import dev.reprise.sdk.AfterFailure;
import dev.reprise.sdk.Serde;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;

/** All services of an endpoint, and the attempts that it executes. Safe for use by many threads. */
public final class Services {
  private final TreeMap<String, ServiceDefinition> services = new TreeMap<>();
  private final Map<String, byte[]> manifests = new HashMap<>();
  private final Codec codec;
  private final long maxReplayBytes;
  private final int maxAttempts;
  private final AfterFailure onMismatch;
  private final AtomicInteger running = new AtomicInteger();

  /**
   * @param maxReplayBytes of payload in one journal; more fails the attempt
   * @param maxAttempts that execute at once; {@link #prepare} refuses more
   * @param onMismatch what the server does when journal and code differ
   */
  public Services(
      Collection<ServiceDefinition> definitions,
      Serde serde,
      long maxReplayBytes,
      int maxAttempts,
      AfterFailure onMismatch) {
    for (ServiceDefinition definition : definitions) {
      if (services.put(definition.name(), definition) != null) {
        throw new IllegalArgumentException(
            "Expected one service named %s, but there are two".formatted(definition.name()));
      }
    }
    this.codec = new Codec(serde);
    this.maxReplayBytes = maxReplayBytes;
    this.maxAttempts = maxAttempts;
    this.onMismatch = onMismatch;
    // A bad option is found when the endpoint starts, not when a server asks.
    for (Manifest.Mode mode : Manifest.Mode.values()) {
      for (int version = Manifest.MIN_VERSION; version <= Manifest.MAX_VERSION; version++) {
        manifests.put(mode + " " + version, Manifest.of(version, mode, services.values(), codec));
      }
    }
  }

  /** The manifest that a server asks for. */
  public byte[] manifest(int version, Manifest.Mode mode) {
    byte[] manifest = manifests.get(mode + " " + version);
    if (manifest == null) {
      throw new IllegalArgumentException(
          "Expected manifest version %d to %d, but got %d"
              .formatted(Manifest.MIN_VERSION, Manifest.MAX_VERSION, version));
    }
    return manifest;
  }

  public Optional<HandlerDefinition> find(String service, String handler) {
    return Optional.ofNullable(services.get(service)).map(it -> it.handlers().get(handler));
  }

  /** A new attempt of an existing handler, to be started; empty when too many are running. */
  public Optional<Attempt> prepare(
      String service, String handler, int protocolVersion, Transport transport) {
    ServiceDefinition definition = services.get(service);
    HandlerDefinition found = find(service, handler).orElseThrow();
    if (definition == null) {
      throw new IllegalArgumentException("Expected a known service, but got " + service);
    }
    if (running.incrementAndGet() > maxAttempts) {
      running.decrementAndGet();
      return Optional.empty();
    }
    var attempt =
        new Attempt(
            new HandlerCall(definition, found, codec),
            protocolVersion,
            onMismatch,
            transport,
            maxReplayBytes,
            running::decrementAndGet);
    return Optional.of(attempt);
  }

  public int runningAttempts() {
    return running.get();
  }
}
