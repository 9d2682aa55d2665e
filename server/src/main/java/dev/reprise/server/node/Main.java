package dev.reprise.server.node;

import dev.reprise.server.config.ConfigException;
import dev.reprise.server.config.Configuration;
import dev.reprise.server.config.Configurations;
import dev.reprise.server.config.ReferencePage;
import dev.reprise.server.net.NameLookUps;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code reprise server}: runs one node in the foreground until it is told to stop. */
@Command(
    name = "reprise",
    subcommands = {Main.Server.class, Main.Page.class},
    mixinStandardHelpOptions = true,
    versionProvider = Main.Versions.class,
    description = "A durable-execution server.")
public final class Main {
  private static final Logger logger = LoggerFactory.getLogger(Main.class);
  private static final int FAILED = 1;
  private static final int MISUSED = CommandLine.ExitCode.USAGE;

  private Main() {}

  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  static CommandLine commandLine() {
    CommandLine main = new CommandLine(new Main());
    CommandLine server = Objects.requireNonNull(main.getSubcommands().get("server"));
    ConfigFlags.addTo(server.getCommandSpec());
    return main;
  }

  /** Prints {@code docs/configuration.md}. */
  @Command(
      name = "configuration-page",
      mixinStandardHelpOptions = true,
      description = "Prints the page of all options.")
  static final class Page implements Runnable {
    @Override
    public void run() {
      System.out.print(ReferencePage.text());
    }
  }

  /** What {@code --version} prints. */
  static final class Versions implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"reprise " + Version.text()};
    }
  }

  /** Runs a node. */
  @Command(
      name = "server",
      mixinStandardHelpOptions = true,
      sortOptions = false,
      description = "Runs one node in the foreground.")
  static final class Server implements Callable<Integer> {
    @Spec @Nullable CommandSpec spec;

    @Option(
        names = "--config",
        paramLabel = "FILE",
        description = "keys as docs/configuration.md lists them; also REPRISE_CONFIG")
    @Nullable Path config;

    @Option(
        names = {"-c", "--config-file"},
        paramLabel = "FILE",
        description = "the same, as Restate has them; also RESTATE_CONFIG")
    @Nullable Path restateConfig;

    @Option(
        names = "--dump-config",
        description = "print the configuration, with who said what, and end")
    boolean dump;

    @Option(
        names = "--register",
        paramLabel = "URI",
        description = "register this service endpoint once the node serves")
    List<String> register = List.of();

    @Option(
        names = "--hints",
        paramLabel = "FILE",
        description = "print this file once everything is registered")
    @Nullable Path hints;

    @Override
    public Integer call() throws InterruptedException {
      long begin = System.nanoTime();
      Node node;
      try {
        Configuration configuration = configuration();
        if (dump) {
          System.out.print(configuration.dump());
          return 0;
        }
        configuration.warnings().forEach(it -> logger.warn("configuration: {}", it));
        NameLookUps.believeBriefly();
        DumpSignal.install(() -> System.err.print(configuration.dump()));
        node = Node.start(NodeConfigs.from(configuration));
      } catch (ConfigException e) {
        String problems = String.valueOf(e.getMessage());
        problems.lines().forEach(line -> System.err.println("reprise: " + line));
        return MISUSED;
      } catch (NodeException e) {
        System.err.println("reprise: " + e.getMessage());
        return FAILED;
      }
      serve(node, begin);
      return 0;
    }

    private void serve(Node node, long begin) throws InterruptedException {
      PrintStream out = System.out;
      CountDownLatch stopped = new CountDownLatch(1);
      Runtime.getRuntime()
          .addShutdownHook(
              new Thread(
                  () -> {
                    node.close();
                    stopped.countDown();
                  },
                  "stop"));
      Doors.Addresses at = node.addresses();
      out.printf(
          "ready ingress=%s admin=%s grpc=%s node=%s replayed=%d started_in_ms=%d%n",
          at.ingress(),
          at.admin(),
          at.grpc(),
          at.node(),
          node.replayed(),
          (System.nanoTime() - begin) / 1_000_000);
      out.flush();
      new FirstRegistrations(at, out).make(register, hints);
      var unused =
          node.expelled()
              .thenAccept(
                  why -> {
                    System.err.println("reprise: the node stops: " + why);
                    System.exit(FAILED);
                  });
      stopped.await();
    }

    private Configuration configuration() {
      CommandSpec command = Objects.requireNonNull(spec);
      return Configurations.read(
          new Configurations.Files(config, restateConfig),
          System.getenv(),
          ConfigFlags.given(command.commandLine().getParseResult()));
    }
  }
}
