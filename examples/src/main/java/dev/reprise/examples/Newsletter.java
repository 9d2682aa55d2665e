package dev.reprise.examples;

import dev.reprise.examples.Downloads.Link;
import dev.reprise.examples.Downloads.User;
import dev.reprise.sdk.Context;
import dev.reprise.sdk.DurableFuture;
import dev.reprise.sdk.Handler;
import dev.reprise.sdk.Service;
import dev.reprise.sdk.Target;
import dev.reprise.sdk.TimedOutException;
import java.time.Duration;

/**
 * Handlers call handlers: exactly once, however often either of them crashes.
 *
 * <pre>
 * curl localhost:8080/newsletter/subscribe --json '"Hedy"'
 * curl localhost:8080/newsletter/download --json '"Hedy"'
 * </pre>
 */
@Service("newsletter")
public class Newsletter {
  /** Greets now, and once more after a while. */
  @Handler
  public String subscribe(Context ctx, String name) {
    Target greet = Target.object("greeter", name, "greet");
    String first = ctx.call(greet, null, String.class);
    ctx.sleep(Duration.ofSeconds(1));
    String second = ctx.call(greet, null, String.class);
    ctx.send(greet, null, Duration.ofDays(1));
    return first + " " + second;
  }

  /** Waits a little for the link, and otherwise promises to mail it. */
  @Handler
  public String download(Context ctx, String name) {
    DurableFuture<Link> link =
        ctx.remote(Downloads.class)
            .idempotencyKey("download-" + name)
            .callAsync(downloads -> downloads.prepareDownload(new User(name)));
    try {
      return link.await(Duration.ofSeconds(10)).url();
    } catch (TimedOutException e) {
      return "We will mail it.";
    }
  }
}
