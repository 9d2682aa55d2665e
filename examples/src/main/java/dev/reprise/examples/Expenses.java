package dev.reprise.examples;

import dev.reprise.sdk.Awakeable;
import dev.reprise.sdk.Context;
import dev.reprise.sdk.Handler;
import dev.reprise.sdk.Service;
import dev.reprise.sdk.TimedOutException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks a human. The log shows the id that decides:
 *
 * <pre>
 * curl localhost:8080/expenses/claim/send --json '{"employee": "Ada", "euros": 500}'
 * curl localhost:8080/restate/awakeables/THE_ID/resolve --json true
 * </pre>
 */
@Service("expenses")
public class Expenses {
  private static final Logger LOG = LoggerFactory.getLogger(Expenses.class);
  private static final int FREE = 50;

  public record Expense(String employee, int euros) {}

  @Handler
  public String claim(Context ctx, Expense expense) {
    if (expense.euros() > FREE && !isApproved(ctx, expense)) {
      return "Not paid.";
    }
    ctx.run("pay", () -> LOG.info("pay {} euros to {}", expense.euros(), expense.employee()));
    return "Paid.";
  }

  /** Nothing runs while the boss thinks; who does not answer within a week has said no. */
  private static boolean isApproved(Context ctx, Expense expense) {
    Awakeable<Boolean> decision = ctx.awakeable(Boolean.class);
    String id = decision.id();
    ctx.run(
        "ask the boss",
        () -> LOG.info("{} wants {} euros: {}", expense.employee(), expense.euros(), id));
    try {
      return decision.await(Duration.ofDays(7));
    } catch (TimedOutException e) {
      return false;
    }
  }
}
