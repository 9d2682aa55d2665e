import * as restate from "@restatedev/restate-sdk";
import { raised, trace } from "./outside.ts";

const hasty = { initialInterval: 20, exponentiationFactor: 1.5, maxInterval: 200 };

async function mendedOrBroken(subject: string): Promise<string> {
  await trace(subject, "attempt");
  if (await raised(subject)) return "mended";
  throw new Error("broken");
}

/** Steps, chance, sleep and retries. */
export const steps = restate.service({
  name: "Steps",
  handlers: {
    once: async (ctx: restate.Context, subject: string) => {
      const results: number[] = [];
      for (const step of ["one", "two", "three"]) results.push(await ctx.run(step, () => trace(subject, step)));
      return results;
    },
    stumble: restate.handlers.handler({ retryPolicy: hasty }, async (ctx: restate.Context, subject: string) => {
      const attempt = await trace(subject, "attempt");
      for (let step = 1; step <= 3; step++) {
        await ctx.run(`step ${step}`, () => trace(subject, `step ${step}`));
        if (attempt === step) throw new Error(`stumbled after step ${step}`);
      }
      return "arrived";
    }),
    retries: async (ctx: restate.Context, req: { subject: string; failures: number; attempts: number }) =>
      ctx.run(
        "try",
        async () => {
          const count = await trace(req.subject, "try");
          if (count <= req.failures) throw new Error(`failed ${count} times`);
          return count;
        },
        { initialRetryInterval: 20, retryIntervalFactor: 1, maxRetryAttempts: req.attempts },
      ),
    terminal: async (ctx: restate.Context, req: { message: string; code: number }) => {
      try {
        await ctx.run("refuse", () => {
          throw new restate.TerminalError(req.message, { errorCode: req.code });
        });
        return null;
      } catch (e) {
        if (!(e instanceof restate.TerminalError)) throw e;
        return { message: e.message, code: e.code };
      }
    },
    draw: restate.handlers.handler({ retryPolicy: hasty }, async (ctx: restate.Context, subject: string) => {
      const drawn = `${ctx.rand.uuidv4()} ${ctx.rand.random()}`;
      await trace(subject, drawn);
      await ctx.sleep(50);
      if ((await trace(subject, "attempt")) === 1) throw new Error("once more");
      return drawn;
    }),
    nap: async (ctx: restate.Context, millis: number) => {
      await ctx.sleep(millis);
      return "rested";
    },
    pausing: restate.handlers.handler(
      { retryPolicy: { ...hasty, maxAttempts: 3, onMaxAttempts: "pause" } },
      async (_: restate.Context, subject: string) => mendedOrBroken(subject),
    ),
    dying: restate.handlers.handler(
      { retryPolicy: { ...hasty, maxAttempts: 3, onMaxAttempts: "kill" } },
      async (_: restate.Context, subject: string) => mendedOrBroken(subject),
    ),
    patient: restate.handlers.handler({ retryPolicy: hasty }, async (_: restate.Context, subject: string) =>
      mendedOrBroken(subject),
    ),
  },
});
