package dev.reprise.server.config;

import java.time.Duration;
import java.util.List;

/** Options of what listens. */
public final class DoorOptions {
  /** Of which 0 is any free one. */
  private static final OptionType<Integer> PORT = OptionType.number(0, 65_535);

  public static final Option<String> BIND_HOST =
      Option.of(
              "bind-host",
              "bind-host",
              OptionType.TEXT,
              "0.0.0.0",
              "where the doors listen that are told nothing else")
          .also("bind-ip");
  public static final Option<Integer> INGRESS_PORT =
      Option.of(
          "ingress-port",
          "ingress-port",
          PORT,
          "8080",
          "HTTP requests of clients; 0 picks a free port");
  public static final Option<HostAndPort> INGRESS_ADDRESS =
      Option.of(
          "ingress.bind-address",
          "ingress-bind-address",
          OptionType.ADDRESS,
          null,
          "the same with its host; of the two the one said later counts");
  public static final Option<Integer> ADMIN_PORT =
      Option.of("admin-port", "admin-port", PORT, "9070", "admin HTTP; 0 picks a free port");
  public static final Option<HostAndPort> ADMIN_ADDRESS =
      Option.of(
          "admin.bind-address",
          "admin-bind-address",
          OptionType.ADDRESS,
          null,
          "the same with its host");
  public static final Option<Integer> GRPC_PORT =
      Option.of("grpc-port", "grpc-port", PORT, "9071", "gRPC; 0 picks a free port");
  public static final Option<HostAndPort> GRPC_ADDRESS =
      Option.of(
          "grpc.bind-address",
          "grpc-bind-address",
          OptionType.ADDRESS,
          null,
          "the same with its host");
  public static final Option<Integer> NODE_PORT =
      Option.of(
              "node-port",
              "node-port",
              PORT,
              "5122",
              "node health and metrics; 0 picks a free port")
          .also("bind-port");
  public static final Option<HostAndPort> NODE_ADDRESS =
      Option.of(
          "bind-address",
          "node-bind-address",
          OptionType.ADDRESS,
          null,
          "the node port with its host");
  public static final Option<Duration> HTTP_REQUEST_TIMEOUT =
      Option.of(
          "http-request-timeout",
          "http-request-timeout",
          OptionType.positiveDuration(),
          "30s",
          "for a request's head, and for each next piece of its body");
  public static final Option<Duration> HTTP_IDLE_TIMEOUT =
      Option.of(
          "http-idle-timeout",
          "http-idle-timeout",
          OptionType.positiveDuration(),
          "10m",
          "after which a connection that asks nothing is closed");

  static final Catalogue.Section ALL =
      new Catalogue.Section(
          "Doors",
          List.of(
              BIND_HOST,
              INGRESS_PORT,
              INGRESS_ADDRESS,
              ADMIN_PORT,
              ADMIN_ADDRESS,
              GRPC_PORT,
              GRPC_ADDRESS,
              NODE_PORT,
              NODE_ADDRESS,
              HTTP_REQUEST_TIMEOUT,
              HTTP_IDLE_TIMEOUT));

  private DoorOptions() {}
}
