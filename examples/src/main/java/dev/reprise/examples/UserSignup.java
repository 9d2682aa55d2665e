package dev.reprise.examples;

import dev.reprise.sdk.Handler;
import dev.reprise.sdk.PromiseKey;
import dev.reprise.sdk.Shared;
import dev.reprise.sdk.SharedWorkflowContext;
import dev.reprise.sdk.TerminalException;
import dev.reprise.sdk.Workflow;
import dev.reprise.sdk.WorkflowContext;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends an email with a link and waits for the click, for a second or for a month. Each user signs
 * up once. The log shows the link:
 *
 * <pre>
 * curl localhost:8080/usersignup/ada/run/send --json '{"email": "ada@example.com"}'
 * curl localhost:8080/usersignup/ada/linkClick --json '"the secret in the log"'
 * curl localhost:8080/restate/workflow/usersignup/ada/attach
 * </pre>
 */
@Workflow("usersignup")
public class UserSignup {
  private static final Logger LOG = LoggerFactory.getLogger(UserSignup.class);
  private static final PromiseKey<String> CLICK = PromiseKey.of("email-secret", String.class);

  public record User(String email) {}

  @Handler
  public String run(WorkflowContext ctx, User user) {
    String secret = ctx.run("gen secret", String.class, () -> UUID.randomUUID().toString());
    ctx.run("send email", () -> sendEmailWithLink(user.email(), secret));

    String clicked = ctx.promise(CLICK).await();
    if (!clicked.equals(secret)) {
      throw new TerminalException(403, "verification failed");
    }
    return "Welcome, " + ctx.key() + "!";
  }

  /** Runs beside the other one; only the first click counts. */
  @Shared
  public void linkClick(SharedWorkflowContext ctx, String secret) {
    ctx.promise(CLICK).resolve(secret);
  }

  private static void sendEmailWithLink(String email, String secret) {
    LOG.info("to {}: your secret is {}", email, secret);
  }
}
