package dev.reprise.server.node;

import dev.reprise.cluster.metadata.ServiceOptions;
import dev.reprise.server.endpoint.ServiceProtocol;
import dev.reprise.server.invoker.InvokerOptions;
import dev.reprise.server.text.ByteSizes;
import dev.reprise.server.text.Durations;
import java.time.Duration;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** What a node can be told of its attempts. */
final class InvokerFlags {
  @Option(
      names = "--inactivity-timeout",
      paramLabel = "DURATION",
      defaultValue = "${env:REPRISE_INACTIVITY_TIMEOUT:-1m}",
      description =
          "after which a silent attempt is asked to suspend, where its service says nothing; 0s"
              + " never waits (default: ${DEFAULT-VALUE})")
  String inactivity = "1m";

  @Option(
      names = "--abort-timeout",
      paramLabel = "DURATION",
      defaultValue = "${env:REPRISE_ABORT_TIMEOUT:-10m}",
      description =
          "after which one that does not is ended, where its service says nothing (default:"
              + " ${DEFAULT-VALUE})")
  String abort = "10m";

  @Option(
      names = "--disable-eager-state",
      defaultValue = "${env:REPRISE_DISABLE_EAGER_STATE:-false}",
      description = "handlers are told no state at the start, and ask for it")
  boolean noEagerState;

  @Option(
      names = "--experimental-enable-protocol-v7",
      defaultValue = "${env:REPRISE_EXPERIMENTAL_ENABLE_PROTOCOL_V7:-false}",
      description = "speak version 7 of the service protocol with deployments that know it")
  boolean versionSeven;

  @Option(
      names = "--invoker-memory-limit",
      paramLabel = "SIZE",
      defaultValue = "${env:REPRISE_INVOKER_MEMORY_LIMIT:-256MiB}",
      description = "what all attempts may hold (default: ${DEFAULT-VALUE})")
  String memory = "256MiB";

  @Option(
      names = "--per-invocation-initial-memory",
      paramLabel = "SIZE",
      defaultValue = "${env:REPRISE_PER_INVOCATION_INITIAL_MEMORY:-32KiB}",
      description = "what each attempt takes at its start (default: ${DEFAULT-VALUE})")
  String initialMemory = "32KiB";

  @Option(
      names = "--per-invocation-memory-limit",
      paramLabel = "SIZE",
      defaultValue = "${env:REPRISE_PER_INVOCATION_MEMORY_LIMIT:-64MiB}",
      description =
          "what one may hold; an invocation that needs more is paused (default:"
              + " ${DEFAULT-VALUE})")
  String invocationMemory = "64MiB";

  /**
   * All of it together.
   *
   * @throws TypeConversionException with what was expected, for the command line to print
   */
  InvokerOptions options(String clusterName) {
    try {
      InvokerOptions.Memory bounds =
          new InvokerOptions.Memory(
              ByteSizes.parse(memory),
              Math.toIntExact(ByteSizes.parse(initialMemory)),
              Math.min(ByteSizes.parse(invocationMemory), ByteSizes.parse(memory)),
              InvokerOptions.Memory.DEFAULT.patience());
      return InvokerOptions.DEFAULTS
          .withClusterName(clusterName)
          .withServiceDefaults(defaults(Durations.parse(inactivity), Durations.parse(abort)))
          .withEagerState(!noEagerState)
          .withProtocolVersion(versionSeven ? 7 : ServiceProtocol.DEFAULT)
          .withMemory(bounds);
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }

  private static ServiceOptions defaults(Duration inactivity, Duration abort) {
    return new ServiceOptions(
            inactivity, abort, null, null, null, null, null, null, null, null, null, null)
        .over(ServiceOptions.DEFAULTS);
  }
}
