import * as restate from "@restatedev/restate-sdk";
import { helloRestate } from "./hello.ts";
import { leaveTrace, tracesOf } from "./outside.ts";

/** Hard cases for the driver: what a server must get right when handlers fail, sleep and call. */
export const trials = restate.service({
  name: "trials",
  handlers: {
    /** Fails between its steps three times, each time one step later. */
    stumble: restate.handlers.handler(
      { retryPolicy: { initialInterval: 50, exponentiationFactor: 2, maxInterval: 1000 } },
      async (ctx: restate.Context, req: { subject: string }) => {
        leaveTrace(req.subject, "attempt");
        for (let step = 1; step <= 4; step++) {
          await ctx.run(`step ${step}`, () => leaveTrace(req.subject, `step ${step}`));
          const attempts = tracesOf(req.subject).filter((it) => it.effect === "attempt").length;
          if (attempts === step && step <= 3) throw new Error(`stumbled after step ${step}`);
        }
        return "arrived";
      },
    ),

    /** Sleeps between two steps. */
    nap: async (ctx: restate.Context, req: { subject: string; millis: number }) => {
      await ctx.run("lie down", () => leaveTrace(req.subject, "lie down"));
      await ctx.sleep(req.millis);
      await ctx.run("get up", () => leaveTrace(req.subject, "get up"));
      return "rested";
    },

    /** Calls a handler of another service and awaits its answer. */
    relay: async (ctx: restate.Context, req: { who: string }) => {
      const answer = await ctx.serviceClient(helloRestate).greet(req);
      return `They said: ${answer}`;
    },

    /** Fifty journaled steps in a loop. */
    march: async (ctx: restate.Context, req: { subject: string }) => {
      let sum = 0;
      for (let step = 1; step <= 50; step++) {
        sum += await ctx.run(`step ${step}`, () => {
          leaveTrace(req.subject, `step ${step}`);
          return step;
        });
      }
      return sum;
    },

    /** What really happened outside on behalf of the subject. */
    traces: async (ctx: restate.Context, req: { subject: string }) =>
      ctx.run("look outside", () => tracesOf(req.subject)),
  },
});
export type Trials = typeof trials;
