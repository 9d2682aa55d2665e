package dev.reprise.cluster.simulation;

import dev.reprise.storage.model.HandlerKind;
import dev.reprise.storage.model.InvocationTarget;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The services of the simulation. A handler's input says what it is to do, and each output can be
 * checked against its input alone, or against what all of them together must add up to.
 */
final class Handlers {
  /** Handlers that a client may ask for. */
  static final List<String> FOR_CLIENTS =
      List.of(
          "echo", "steps", "add", "add", "read", "nap", "call", "fan", "tell", "flaky", "fail",
          "run", "deep");

  private static final Map<String, Handler> HANDLERS =
      Map.ofEntries(
          Map.entry("echo", (context, input) -> input),
          Map.entry("steps", Handlers::steps),
          Map.entry("add", Handlers::add),
          Map.entry("read", (context, input) -> context.get("n")),
          Map.entry("nap", Handlers::nap),
          Map.entry("call", (context, input) -> "<" + context.call("echo", "", input) + ">"),
          Map.entry("deep", (context, input) -> "<" + context.call("call", "", input) + ">"),
          Map.entry("fan", Handlers::fan),
          Map.entry("tell", Handlers::tell),
          Map.entry("note", Handlers::note),
          Map.entry("flaky", Handlers::flaky),
          Map.entry("fail", Handlers::fail),
          Map.entry("run", Handlers::workflow));

  private Handlers() {}

  static Handler of(String handler) {
    return Objects.requireNonNull(HANDLERS.get(handler), handler);
  }

  static InvocationTarget target(String handler, String key) {
    return switch (handler) {
      case "add", "nap" -> new InvocationTarget("Counter", key, handler, HandlerKind.EXCLUSIVE);
      case "read" -> new InvocationTarget("Counter", key, handler, HandlerKind.SHARED);
      case "note" -> new InvocationTarget("Ledger", key, handler, HandlerKind.EXCLUSIVE);
      case "run" -> new InvocationTarget("Flow", key, handler, HandlerKind.WORKFLOW_RUN);
      default -> new InvocationTarget("Plain", "", handler, HandlerKind.PLAIN);
    };
  }

  private static String steps(Context context, String input) {
    StringBuilder results = new StringBuilder(input);
    for (int step = 0; step < 10; step++) {
      results.append(' ').append(context.run("s" + step));
    }
    return results.toString();
  }

  /** Adds one to a counter; outputs of one key must be 1, 2, 3, … each once. */
  private static String add(Context context, String input) {
    String before = context.get("n");
    String after = Integer.toString(before.isEmpty() ? 1 : Integer.parseInt(before) + 1);
    context.set("n", after);
    return after;
  }

  /** Sleeps with the key in hand. */
  private static String nap(Context context, String input) {
    context.sleep(input.length() % 7 * 40L);
    context.sleep(30);
    return input;
  }

  private static String fan(Context context, String input) {
    List<Integer> outcomes =
        List.of(
            context.begin("echo", "", "", input + "/a"),
            context.begin("call", "", "shared " + input, input + "/b"),
            context.begin("nap", "k" + input.length() % 3, "", input + "/c"));
    return context.all(outcomes, (it, results) -> String.join(" ", results));
  }

  /** Two one-way calls, one of them delayed, each of which must take effect exactly once. */
  private static String tell(Context context, String input) {
    context.send("note", "l" + input.length() % 2, context.self() + "/now", 0);
    context.send("note", "l" + input.length() % 3, context.self() + "/later", 150);
    return input;
  }

  private static String note(Context context, String input) {
    String before = context.get(input);
    context.set(input, Integer.toString(before.isEmpty() ? 1 : Integer.parseInt(before) + 1));
    return input;
  }

  /** Its attempts fail between steps, twice. */
  private static String flaky(Context context, String input) {
    String first = context.run("first");
    if (context.effects().count(context.self() + " tries") <= 2) {
      throw new Context.Crash();
    }
    return input + " " + first + " " + context.run("second");
  }

  private static String fail(Context context, String input) {
    context.run("first");
    throw new Context.Terminal(input);
  }

  private static String workflow(Context context, String input) {
    String first = context.run("first");
    context.sleep(60);
    return input + " " + first + " " + context.call("echo", "", "ok");
  }

  /** Why this output cannot be right; empty when it can. */
  static String complaint(String handler, String input, String output, SideEffects effects) {
    return switch (handler) {
      case "echo", "nap", "tell", "note" -> expect(output.equals(input), input, output);
      case "call" -> expect(output.equals("<" + input + ">"), "<" + input + ">", output);
      case "deep" -> expect(output.equals("<<" + input + ">>"), "<<" + input + ">>", output);
      case "fan" -> {
        String all = input + "/a <" + input + "/b> " + input + "/c";
        yield expect(output.equals(all), all, output);
      }
      case "steps" -> tokens(input, output, 10, effects);
      case "flaky" -> tokens(input, output, 2, effects);
      case "run" -> expect(output.startsWith(input) && output.endsWith(" ok"), "… ok", output);
      case "add", "read" -> expect(output.matches("[0-9]*"), "a number", output);
      default -> "no handler " + handler;
    };
  }

  private static String tokens(String input, String output, int count, SideEffects effects) {
    String[] parts = output.split(" ", -1);
    boolean fits = parts.length == count + 1 && parts[0].equals(input);
    for (int i = 1; i < parts.length; i++) {
      fits &= effects.gave(parts[i]);
    }
    return expect(fits, input + " and the results of " + count + " steps", output);
  }

  private static String expect(boolean fits, String expected, String output) {
    return fits ? "" : "Expected " + expected + ", but the output is " + output;
  }
}
