package dev.reprise.examples;

import dev.reprise.sdk.Context;
import java.time.Duration;

/**
 * Takes its time. Callers wait, come back later, or ask for it tomorrow:
 *
 * <pre>
 * curl localhost:8080/retrievedata/prepareDownload --json '{"userId": "Hedy"}' \
 *   -H 'idempotency-key: dQw4s9WgXcQ'                                            # once, however often
 * curl localhost:8080/retrievedata/prepareDownload/send --json '{"userId": "Hedy"}'
 * curl localhost:8080/retrievedata/prepareDownload/send?delay=10s --json '{"userId": "Hedy"}'
 * </pre>
 */
public class DataRetrieval implements Downloads {
  @Override
  public Link prepareDownload(User user) {
    Context ctx = Context.current();
    ctx.sleep(Duration.ofSeconds(2)); // Gathering data; nothing runs meanwhile.
    String file = ctx.run("store", String.class, () -> store(user));
    return new Link("https://downloads.example/" + file);
  }

  private static String store(User user) {
    return user.userId() + "-" + System.currentTimeMillis() + ".zip";
  }
}
