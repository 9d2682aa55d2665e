package dev.reprise.cli;

import dev.reprise.api.admin.v1.GetStateRequest;
import dev.reprise.api.admin.v1.GetStateResponse;
import dev.reprise.api.admin.v1.ReplaceStateRequest;
import dev.reprise.api.admin.v1.StateEntry;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code restatectl state}. */
@Command(
    name = "state",
    description = "What virtual objects and workflows remember.",
    mixinStandardHelpOptions = true)
final class StateCommand {
  private final Output output;
  private final ServerOptions server;

  StateCommand(Output output, ServerOptions server) {
    this.output = output;
    this.server = server;
  }

  @Command(name = "get", description = "Shows the state.", mixinStandardHelpOptions = true)
  int get(
      @Parameters(paramLabel = "SERVICE") String service,
      @Parameters(paramLabel = "KEY") String key,
      @Option(names = "--json", description = "Print a JSON object.") boolean json) {
    Map<String, JsonNode> state = values(read(service, key));
    if (json) {
      output.json(StateText.object(state));
    } else if (state.isEmpty()) {
      output.line("no state");
    } else {
      Table table = new Table("NAME", "VALUE");
      state.forEach((name, value) -> table.row(name, StateText.line(value)));
      table.print(output);
    }
    return 0;
  }

  @Command(
      name = "edit",
      description = {
        "Changes the state: with --set and --delete, or else in the editor of $VISUAL or $EDITOR.",
        "What is no JSON is written {\"base64\":\"...\"}."
      },
      mixinStandardHelpOptions = true)
  int edit(
      @Parameters(paramLabel = "SERVICE") String service,
      @Parameters(paramLabel = "KEY") String key,
      @Option(names = "--set", paramLabel = "NAME=JSON", description = "Sets one entry.")
          Map<String, String> set,
      @Option(names = "--delete", paramLabel = "NAME", description = "Deletes one entry.")
          List<String> delete,
      @Option(names = "--force", description = "Also over changes made meanwhile.") boolean force,
      @Option(names = "--json", description = "Print a JSON object.") boolean json) {
    GetStateResponse before = read(service, key);
    Map<String, JsonNode> state = values(before);
    if (set == null && delete == null) {
      state = StateText.parse(new Editor().edit(StateText.object(state).toPrettyString()));
    } else {
      if (delete != null) {
        state.keySet().removeAll(delete);
      }
      if (set != null) {
        for (Map.Entry<String, String> entry : set.entrySet()) {
          state.put(entry.getKey(), StateText.value(entry.getKey(), entry.getValue()));
        }
      }
    }
    return replace(service, key, force ? null : before.getVersion(), state, json);
  }

  @Command(name = "clear", description = "Forgets the state.", mixinStandardHelpOptions = true)
  int clear(
      @Parameters(paramLabel = "SERVICE") String service,
      @Parameters(paramLabel = "KEY") String key,
      @Option(names = "--force", description = "Also over changes made meanwhile.") boolean force,
      @Option(names = "--json", description = "Print a JSON object.") boolean json) {
    String version = force ? null : read(service, key).getVersion();
    return replace(service, key, version, Map.of(), json);
  }

  private GetStateResponse read(String service, String key) {
    return server
        .adminRpc()
        .ask(
            stub ->
                stub.getState(
                    GetStateRequest.newBuilder().setService(service).setKey(key).build()));
  }

  private int replace(
      String service,
      String key,
      @org.jspecify.annotations.Nullable String version,
      Map<String, JsonNode> state,
      boolean json) {
    ReplaceStateRequest.Builder request =
        ReplaceStateRequest.newBuilder().setService(service).setKey(key);
    if (version != null) {
      request.setExpectedVersion(version);
    }
    state.forEach(
        (name, value) ->
            request.addEntries(
                StateEntry.newBuilder().setKey(name).setValue(StateText.bytes(name, value))));
    boolean done = server.adminRpc().ask(stub -> stub.replaceState(request.build())).getDone();
    if (json) {
      ObjectNode answer = Output.JSON.createObjectNode().put("done", done);
      output.json(answer.put("entries", state.size()));
    } else {
      String entries = state.size() == 1 ? "1 entry" : state.size() + " entries";
      output.line(
          done
              ? "replaced; " + entries + " now"
              : "to be replaced by " + entries + " when the running invocation has ended");
    }
    return 0;
  }

  private static Map<String, JsonNode> values(GetStateResponse response) {
    Map<String, JsonNode> values = new TreeMap<>();
    for (StateEntry entry : response.getEntriesList()) {
      values.put(entry.getKey(), StateText.value(entry.getValue()));
    }
    return values;
  }
}
