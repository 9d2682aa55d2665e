package dev.reprise.conformance;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.reprise.chaos.rig.Eventually;
import dev.reprise.conformance.services.Effects;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;

/**
 * The world outside the server: remembers what handlers did to it, for handlers of this process
 * and, over HTTP, for others. Safe for use by many threads.
 */
public final class Outside implements Effects, AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Map<String, List<String>> traces = new HashMap<>();
  private final Set<String> flags = new HashSet<>();
  private final HttpServer server;

  private Outside(HttpServer server) {
    this.server = server;
  }

  /** Listens on a free port of this machine. */
  public static Outside open() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    Outside outside = new Outside(server);
    server.createContext("/trace", exchange -> answer(exchange, outside::traceAsked));
    server.createContext("/flag", exchange -> answer(exchange, outside::flagAsked));
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
    return outside;
  }

  private interface Reply {
    String to(HttpExchange exchange) throws IOException;
  }

  private static void answer(HttpExchange exchange, Reply reply) throws IOException {
    try (exchange) {
      byte[] body = reply.to(exchange).getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private String traceAsked(HttpExchange exchange) throws IOException {
    String effect = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    return Integer.toString(trace(parameter(exchange), effect));
  }

  private String flagAsked(HttpExchange exchange) {
    return Boolean.toString(raised(parameter(exchange)));
  }

  /** The value of the only query parameter. */
  private static String parameter(HttpExchange exchange) {
    String query = exchange.getRequestURI().getRawQuery();
    return URLDecoder.decode(query.substring(query.indexOf('=') + 1), StandardCharsets.UTF_8);
  }

  public URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  @Override
  public synchronized int trace(String subject, String effect) {
    List<String> of = traces.computeIfAbsent(subject, it -> new ArrayList<>());
    of.add(effect);
    return (int) of.stream().filter(effect::equals).count();
  }

  @Override
  public synchronized boolean raised(String flag) {
    return flags.contains(flag);
  }

  /** Raises a flag that handlers look at. */
  public synchronized void raise(String flag) {
    flags.add(flag);
  }

  /** What was done on behalf of a subject, in order. */
  public synchronized List<String> traces(String subject) {
    return List.copyOf(traces.getOrDefault(subject, List.of()));
  }

  /** Waits for so many traces of a subject, and returns them. */
  public List<String> awaitTraces(String subject, int count) {
    return Eventually.eventually(
        PATIENCE,
        () -> {
          List<String> seen = traces(subject);
          if (seen.size() < count) {
            throw new AssertionError(
                "Expected %d traces of %s, but there are %s".formatted(count, subject, seen));
          }
          return seen;
        });
  }

  /** Waits for the first trace of a subject. */
  public String awaitTrace(String subject) {
    return awaitTraces(subject, 1).getFirst();
  }

  @Override
  public void close() {
    server.stop(0);
    if (server.getExecutor() instanceof AutoCloseable executor) {
      try {
        executor.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (Exception e) {
        throw new IllegalStateException("Expected the listener's threads to end", e);
      }
    }
  }
}
