import * as restate from "@restatedev/restate-sdk";
import { raised, trace } from "./outside.ts";

const hour = { hours: 1 };

async function mendedOrBroken(subject: string): Promise<string> {
  await trace(subject, "attempt");
  if (await raised(subject)) return "mended";
  throw new Error("broken");
}

/** Timeouts, retentions and retry policies: of the service, and of handlers that say otherwise. */
export const timing = restate.service({
  name: "Timing",
  handlers: {
    /** Fails as the service says. */
    weak: async (_: restate.Context, subject: string) => mendedOrBroken(subject),
    /** Waits long before it is tried again. */
    slow: restate.handlers.handler(
      { retryPolicy: { initialInterval: hour, maxInterval: hour, maxAttempts: 10 } },
      async (_: restate.Context, subject: string) => mendedOrBroken(subject),
    ),
    /** Is put away soon, whatever the service says. */
    idle: restate.handlers.handler({ inactivityTimeout: 100 }, async (ctx: restate.Context, subject: string) => {
      const { id, promise } = ctx.awakeable<string>();
      await ctx.run("tell", () => trace(subject, id));
      return promise;
    }),
    /** Hangs at first, and heeds nothing, until the driver raises the flag. */
    stuck: restate.handlers.handler(
      { inactivityTimeout: 100, abortTimeout: 400, retryPolicy: { initialInterval: 20, maxAttempts: 100 } },
      async (_: restate.Context, subject: string) => {
        const attempt = await trace(subject, "attempt");
        while (attempt === 1 && !(await raised(subject))) await new Promise((go) => setTimeout(go, 50).unref());
        return attempt;
      },
    ),
    /** Its journal is forgotten long before its outcome. */
    unrecorded: restate.handlers.handler({ journalRetention: 1 }, async (_: restate.Context, word: string) => word),
    /** Says itself how long to wait, and never succeeds. */
    asking: restate.handlers.handler({ retryPolicy: { maxAttempts: 10 } }, async (ctx: restate.Context, subject: string) =>
      ctx.run(
        "try",
        async () => {
          const count = await trace(subject, "try");
          throw new restate.RetryableError(`failed ${count} times`, { retryAfter: 200 });
        },
        { initialRetryInterval: 1, maxRetryAttempts: 3 },
      ),
    ),
  },
  options: { retryPolicy: { initialInterval: 20, maxAttempts: 2, onMaxAttempts: "kill" } },
});
