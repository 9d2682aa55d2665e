package dev.reprise.server.config;

import java.time.Duration;
import java.util.List;

/** Options of attempts, and of what a partition does beside them. */
public final class WorkOptions {
  public static final Option<Integer> TIMERS_IN_MEMORY =
      Option.of(
          "worker.num-timers-in-memory-limit",
          "num-timers-in-memory-limit",
          OptionType.number(1, Integer.MAX_VALUE),
          "4096",
          "per partition; further ones stay in their table");
  public static final Option<Duration> CLEANUP_INTERVAL =
      Option.of(
          "worker.cleanup-interval",
          "cleanup-interval",
          OptionType.positiveDuration(),
          "1m",
          "how often retention is looked after");
  public static final Option<Boolean> DISABLE_EAGER_STATE =
      Option.of(
          "worker.invoker.disable-eager-state",
          "disable-eager-state",
          OptionType.SWITCH,
          "false",
          "handlers are told no state at the start, and ask for it");
  public static final Option<Boolean> PROTOCOL_V7 =
      Option.of(
          "experimental-enable-protocol-v7",
          "experimental-enable-protocol-v7",
          OptionType.SWITCH,
          "false",
          "speak version 7 of the service protocol with deployments that know it");
  public static final Option<Long> INVOKER_MEMORY =
      Option.of(
          "worker.invoker.memory-limit",
          "invoker-memory-limit",
          OptionType.size(1),
          "256MiB",
          "what all attempts may hold");
  public static final Option<Long> INITIAL_MEMORY =
      Option.of(
          "worker.invoker.per-invocation-initial-memory",
          "per-invocation-initial-memory",
          OptionType.size(1),
          "32KiB",
          "what each attempt takes at its start");
  public static final Option<Long> INVOCATION_MEMORY =
      Option.of(
          "worker.invoker.per-invocation-memory-limit",
          "per-invocation-memory-limit",
          OptionType.size(1),
          "64MiB",
          "what one may hold; an invocation that needs more is paused");

  static final Catalogue.Section ALL =
      new Catalogue.Section(
          "Work",
          List.of(
              TIMERS_IN_MEMORY,
              CLEANUP_INTERVAL,
              DISABLE_EAGER_STATE,
              PROTOCOL_V7,
              INVOKER_MEMORY,
              INITIAL_MEMORY,
              INVOCATION_MEMORY));

  private WorkOptions() {}
}
