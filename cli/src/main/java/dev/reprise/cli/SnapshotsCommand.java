package dev.reprise.cli;

import dev.reprise.api.admin.v1.ClusterDescription;
import dev.reprise.api.admin.v1.CreateSnapshotsRequest;
import dev.reprise.api.admin.v1.PartitionInfo;
import dev.reprise.api.admin.v1.ReplicaInfo;
import dev.reprise.api.admin.v1.SnapshotTaken;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code restatectl snapshots}. */
@Command(
    name = "snapshots",
    aliases = "snapshot",
    description = "How much of each copy survives without its log.",
    mixinStandardHelpOptions = true)
final class SnapshotsCommand {
  /** Of one copy, on a slow disk. */
  private static final int DEADLINE_SECONDS = 3_600;

  private final Output output;
  private final ServerOptions server;

  SnapshotsCommand(Output output, ServerOptions server) {
    this.output = output;
    this.server = server;
  }

  @Command(
      name = "list",
      aliases = "ls",
      description = "For each copy: the newest entry of its snapshot, and what its log holds.",
      mixinStandardHelpOptions = true)
  int list(
      @Mixin WatchOption watch,
      @Option(names = "--json", description = "Print a JSON array.") boolean json) {
    return watch.show(output, () -> list(json));
  }

  private void list(boolean json) {
    ClusterDescription cluster = server.clusterRpc().describe();
    ArrayNode all = Output.JSON.createArrayNode();
    Table table = new Table("PARTITION", "NODE", "SNAPSHOT", "APPLIED", "LOG FROM", "STATE");
    for (PartitionInfo partition : cluster.getPartitionsList()) {
      for (ReplicaInfo copy : partition.getReplicasList()) {
        all.addObject()
            .put("partition", partition.getNumber())
            .put("node", "N" + copy.getNode())
            .put("open", copy.getOpen())
            .put("snapshot_index", copy.getFlushedIndex())
            .put("applied_index", copy.getAppliedIndex())
            .put("first_log_index", copy.getFirstIndex());
        table.row(
            Integer.toString(partition.getNumber()),
            "N" + copy.getNode(),
            known(copy, copy.getFlushedIndex()),
            known(copy, copy.getAppliedIndex()),
            known(copy, copy.getFirstIndex()),
            copy.getOpen() ? "open" : "not open");
      }
    }
    if (json) {
      output.json(all);
    } else {
      table.print(output);
    }
  }

  private static String known(ReplicaInfo copy, long index) {
    return copy.getOpen() ? Long.toString(index) : "-";
  }

  @Command(
      name = "create",
      aliases = "create-snapshot",
      description = {
        "Takes a snapshot of each copy now: its state is made durable, and its log lets go of what",
        "no follower is expected to need."
      },
      mixinStandardHelpOptions = true)
  int create(
      @Parameters(paramLabel = "PARTITION", arity = "0..*", description = "Default: all.")
          @Nullable List<Integer> partitions,
      @Option(names = "--partition-id", paramLabel = "PARTITION", hidden = true)
          @Nullable List<Integer> more,
      @Option(names = "--json", description = "Print a JSON array.") boolean json) {
    CreateSnapshotsRequest.Builder request = CreateSnapshotsRequest.newBuilder();
    for (List<Integer> some : asLists(partitions, more)) {
      some.forEach(request::addPartitions);
    }
    List<SnapshotTaken> taken = new ArrayList<>();
    try (Progress progress = new Progress(output, "snapshots")) {
      server
          .clusterRpc()
          .askLong(
              DEADLINE_SECONDS,
              stub -> {
                stub.createSnapshots(request.build())
                    .forEachRemaining(
                        one -> {
                          taken.add(one);
                          progress.at(taken.size(), one.getTotal(), "copies");
                        });
                return taken;
              });
    }
    return say(taken, json);
  }

  private static List<List<Integer>> asLists(
      @Nullable List<Integer> one, @Nullable List<Integer> other) {
    return List.of(one == null ? List.of() : one, other == null ? List.of() : other);
  }

  private int say(List<SnapshotTaken> taken, boolean json) {
    ArrayNode all = Output.JSON.createArrayNode();
    Table table = new Table("PARTITION", "NODE", "SNAPSHOT", "FILES", "BYTES", "RESULT");
    int exit = 0;
    for (SnapshotTaken one : taken) {
      boolean done = one.getProblem().isEmpty();
      exit = done ? exit : CliException.FAILURE;
      ObjectNode row =
          all.addObject().put("partition", one.getPartition()).put("node", "N" + one.getNode());
      if (done) {
        row.put("snapshot_index", one.getIndex())
            .put("files", one.getFiles())
            .put("bytes", one.getBytes());
      } else {
        row.put("error", one.getProblem());
      }
      table.row(
          Integer.toString(one.getPartition()),
          "N" + one.getNode(),
          done ? Long.toString(one.getIndex()) : "-",
          done ? Integer.toString(one.getFiles()) : "-",
          done ? Long.toString(one.getBytes()) : "-",
          done ? "taken" : "failed: " + one.getProblem());
    }
    if (json) {
      output.json(all);
    } else {
      table.print(output);
    }
    return exit;
  }
}
