package dev.reprise.cluster.simulation;

import dev.reprise.storage.model.HandlerKind;
import dev.reprise.storage.model.InvocationId;
import dev.reprise.storage.model.InvocationTarget;
import dev.reprise.storage.model.SignalId;
import java.util.ArrayList;
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
          "run", "deep", "await", "sign", "watch", "tree", "tree");

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
          Map.entry("stuck", Handlers::stuck),
          Map.entry("fail", Handlers::fail),
          Map.entry("run", Handlers::workflow),
          Map.entry("await", Handlers::awaits),
          Map.entry("poke", Handlers::pokes),
          Map.entry("sign", Handlers::signs),
          Map.entry("decide", Handlers::decides),
          Map.entry("watch", Handlers::watches),
          Map.entry("tree", Handlers::tree),
          Map.entry("branch", Handlers::branch),
          Map.entry("leaf", Handlers::leaf));

  private Handlers() {}

  static Handler of(String handler) {
    return Objects.requireNonNull(HANDLERS.get(handler), handler);
  }

  static InvocationTarget target(String handler, String key) {
    return switch (handler) {
      case "add", "nap" -> new InvocationTarget("Counter", key, handler, HandlerKind.EXCLUSIVE);
      case "read" -> new InvocationTarget("Counter", key, handler, HandlerKind.SHARED);
      case "note" -> new InvocationTarget("Ledger", key, handler, HandlerKind.EXCLUSIVE);
      case "sign" -> new InvocationTarget("Signup", key, handler, HandlerKind.WORKFLOW_RUN);
      case "decide" -> new InvocationTarget("Signup", key, handler, HandlerKind.WORKFLOW_SHARED);
      case "leaf" -> new InvocationTarget("Leaf", key, handler, HandlerKind.EXCLUSIVE);
      case "run" -> new InvocationTarget("Flow", key, handler, HandlerKind.WORKFLOW_RUN, "flows");
      case "echo", "steps", "call" ->
          new InvocationTarget("Plain", "", handler, HandlerKind.PLAIN, "web");
      case "stuck" -> new InvocationTarget("Plain", "", handler, HandlerKind.PLAIN, "stuck");
      case "branch" -> new InvocationTarget("Plain", "", handler, HandlerKind.PLAIN, "trees");
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

  /** Its attempts always fail: it runs until somebody ends it. */
  private static String stuck(Context context, String input) {
    context.run("first");
    throw new Context.Crash();
  }

  private static String fail(Context context, String input) {
    context.run("first");
    throw new Context.Terminal(500, input);
  }

  private static String workflow(Context context, String input) {
    String first = context.run("first");
    context.sleep(60);
    return input + " " + first + " " + context.call("echo", "", "ok");
  }

  /** Waits for an awakeable that two others complete; one of them is the first. */
  private static String awaits(Context context, String input) {
    context.send("poke", "", context.id() + " a-" + input, 0);
    context.send("poke", "", context.id() + " b-" + input, input.length() % 2 * 100L);
    return context.awaitSignal(SignalId.FIRST_AWAKEABLE);
  }

  private static String pokes(Context context, String input) {
    int space = input.indexOf(' ');
    InvocationId target = InvocationId.parse(input.substring(0, space));
    context.signal(target, SignalId.FIRST_AWAKEABLE, input.substring(space + 1));
    return input;
  }

  /** A workflow that waits for a promise that two of its handlers decide. */
  private static String signs(Context context, String input) {
    String key = context.key();
    context.send("decide", key, "yes-" + input, 0);
    context.send("decide", key, "no-" + input, 80);
    String first = context.promise("approved");
    context.sleep(50);
    String again = context.promise("approved");
    return first.equals(again) ? first : first + " became " + again;
  }

  private static String decides(Context context, String input) {
    context.decide("approved", input);
    return input;
  }

  /** Attaches to what it has sent on its way. */
  private static String watches(Context context, String input) {
    int id = context.send("echo", "", "watched " + input, input, 60);
    return context.attach(context.idOf(id));
  }

  /** May be cancelled and killed at any time, and takes its children with it. */
  private static String tree(Context context, String input) {
    List<Integer> ids = new ArrayList<>();
    context.cancellable();
    try {
      int left = context.begin("branch", "", "", input + "/l");
      ids.add(left - 1);
      int right = context.begin("leaf", "t" + input.length() % 2, "", input + "/r");
      ids.add(right - 1);
      context.send("branch", "", input + "/s", 40);
      context.await(left);
      context.await(right);
    } catch (Context.Cancelled e) {
      for (int id : ids) {
        context.signal(context.idOf(id), SignalId.CANCEL.index(), null);
      }
      throw new Context.Terminal(409, "Cancelled");
    }
    return input;
  }

  private static String branch(Context context, String input) {
    context.cancellable();
    try {
      context.sleep(40);
      context.call("leaf", "t" + input.length() % 3, input + "/b");
    } catch (Context.Cancelled e) {
      throw new Context.Terminal(409, "Cancelled");
    }
    return input;
  }

  /** Holds a key for a while. */
  private static String leaf(Context context, String input) {
    context.cancellable();
    try {
      context.sleep(30 + input.length() % 5 * 20L);
    } catch (Context.Cancelled e) {
      throw new Context.Terminal(409, "Cancelled");
    }
    return input;
  }

  /** Which limits an invocation counts for in its scope, as its input has it. */
  static String limitKey(InvocationTarget target, String input) {
    if (!target.scoped()) {
      return "";
    }
    return switch (input.length() % 4) {
      case 0 -> "";
      case 1 -> "a";
      case 2 -> "a/x";
      default -> "b/x";
    };
  }

  /** Whether anybody may cancel, kill or restart it without others being the wiser. */
  static boolean mayBeStopped(String handler) {
    return handler.equals("tree") || handler.equals("branch") || handler.equals("leaf");
  }

  /** Why this output cannot be right; empty when it can. */
  static String complaint(String handler, String input, String output, SideEffects effects) {
    return switch (handler) {
      case "await" -> expect(output.matches("[ab]-" + input), "a- or b-" + input, output);
      case "sign" ->
          expect(
              output.equals("yes-" + input) || output.equals("no-" + input), "yes or no", output);
      case "echo", "nap", "tell", "note", "poke", "decide", "watch", "tree", "branch", "leaf" ->
          expect(output.equals(input), input, output);
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
