package dev.reprise.cli;

import dev.reprise.api.admin.v1.ClusterDescription;
import dev.reprise.api.admin.v1.SetReplicationRequest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

/** {@code restatectl config}. */
@Command(
    name = "config",
    description = "What holds for the cluster as a whole.",
    mixinStandardHelpOptions = true)
final class ConfigCommand {
  /** A number, alone or as Restate writes it. */
  private static final Pattern REPLICATION =
      Pattern.compile("(?:\\{\\s*node\\s*:\\s*)?(\\d{1,3})(?:\\s*})?");

  private final Output output;
  private final ServerOptions server;

  ConfigCommand(Output output, ServerOptions server) {
    this.output = output;
    this.server = server;
  }

  @Command(name = "get", description = "Shows it.", mixinStandardHelpOptions = true)
  int get(@Option(names = "--json", description = "Print a JSON object.") boolean json) {
    say(server.clusterRpc().describe(), json);
    return 0;
  }

  private void say(ClusterDescription cluster, boolean json) {
    if (json) {
      ObjectNode object =
          Output.JSON
              .createObjectNode()
              .put("cluster_name", cluster.getName())
              .put("fingerprint", cluster.getFingerprint())
              .put("num_partitions", cluster.getPartitionsCount());
      if (cluster.getReplication() == 0) {
        object.putNull("partition_replication");
      } else {
        object.put("partition_replication", cluster.getReplication());
      }
      output.json(object);
      return;
    }
    Table table = new Table("NAME", "VALUE");
    table.row("cluster-name", cluster.getName());
    table.row("fingerprint", cluster.getFingerprint());
    table.row("num-partitions", Integer.toString(cluster.getPartitionsCount()));
    table.row("partition-replication", replication(cluster.getReplication()));
    table.print(output);
  }

  private static String replication(int copies) {
    return copies == 0 ? "as many as there are nodes, up to 3" : Integer.toString(copies);
  }

  @Command(
      name = "set",
      description = "Changes it. Partitions and name are fixed when a cluster is made.",
      mixinStandardHelpOptions = true)
  int set(
      @Option(
              names = "--partition-replication",
              paramLabel = "N",
              description =
                  "Copies of each partition, from 1 to 7; 0 for as many as nodes, up to 3.")
          @Nullable String replication,
      @Option(
              names = {"-y", "--yes"},
              description = "Do not ask.")
          boolean yes,
      @Option(names = "--json", description = "Print a JSON object.") boolean json) {
    if (replication == null) {
      throw new CliException(
          CliException.USAGE,
          "Expected something to set, but got nothing",
          "give --partition-replication N");
    }
    int copies = copies(replication);
    ClusterDescription before = server.clusterRpc().describe();
    if (!yes && !agreed(before, copies)) {
      throw new CliException(
          CliException.FAILURE,
          "Expected a yes, but got none: nothing was changed",
          "give --yes to change it without asking");
    }
    ClusterDescription after =
        server
            .clusterRpc()
            .ask(
                stub ->
                    stub.setReplication(
                        SetReplicationRequest.newBuilder().setReplication(copies).build()));
    say(after, json);
    return 0;
  }

  private static int copies(String text) {
    Matcher matcher = REPLICATION.matcher(text.strip());
    if (!matcher.matches()) {
      throw new CliException(
          CliException.USAGE,
          "Expected a number of copies, but got '" + text + "'",
          "give one such as --partition-replication 3");
    }
    return Integer.parseInt(matcher.group(1));
  }

  private boolean agreed(ClusterDescription before, int copies) {
    output
        .err()
        .print(
            "copies of each partition: "
                + replication(before.getReplication())
                + " -> "
                + replication(copies)
                + "; change it? [y/N] ");
    output.err().flush();
    try {
      String answer =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
      return answer != null && answer.strip().toLowerCase(Locale.ROOT).startsWith("y");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
