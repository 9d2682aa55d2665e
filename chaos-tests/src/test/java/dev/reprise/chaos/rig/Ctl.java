package dev.reprise.chaos.rig;

import dev.reprise.cli.Restatectl;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The command line, run in this process against real servers. To be used by one thread. */
public final class Ctl {
  private static final JsonMapper JSON = new JsonMapper();

  private final List<String> where;
  private final Set<String> walked = new TreeSet<>();

  /** Where it asks. */
  public Ctl(String admin, String grpc) {
    this.where = List.of("--admin", admin, "--grpc", grpc);
  }

  /** What a command wrote, and how it ended. */
  public record Ran(String command, int exit, String out, String err) {}

  /** Runs any command. */
  public Ran run(String... words) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    List<String> all = new ArrayList<>(where);
    all.addAll(List.of(words));
    int exit =
        Restatectl.run(
            new PrintWriter(out, true), new PrintWriter(err, true), all.toArray(String[]::new));
    String line = String.join(" ", words);
    Restatectl.commands().stream()
        .filter(it -> (line + " ").startsWith(it + " "))
        .forEach(walked::add);
    return new Ran(line, exit, out.toString(), err.toString());
  }

  /** Runs a command that works, and gives what it says to a person. */
  public String text(String... words) {
    Ran ran = run(words);
    if (ran.exit() != 0 || ran.out().isBlank()) {
      throw new AssertionError("Expected a command that works, but " + ran);
    }
    return ran.out();
  }

  /** Runs a command that works with {@code --json}, and reads what it writes: one document. */
  public JsonNode json(String... words) {
    String[] more = Arrays.copyOf(words, words.length + 1);
    more[words.length] = "--json";
    String out = text(more);
    try {
      return JSON.readTree(out);
    } catch (JacksonException e) {
      throw new AssertionError("Expected JSON from " + List.of(more) + ", but got " + out, e);
    }
  }

  /** Runs a command that is refused, with what was expected and a next step; gives both. */
  public String refused(int exit, String... words) {
    Ran ran = run(words);
    if (ran.exit() != exit
        || !ran.err().contains("error: ")
        || !ran.err().contains("xpected")
        || !ran.err().contains("next: ")
        || ran.err().contains("\tat ")) {
      throw new AssertionError(
          "Expected exit code " + exit + ", what was expected and a next step, but " + ran);
    }
    return ran.err();
  }

  /** Those that were run so far. */
  public Set<String> walked() {
    return Set.copyOf(walked);
  }
}
