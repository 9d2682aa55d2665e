import * as restate from "@restatedev/restate-sdk";
import { trace } from "./outside.ts";

const GO = "go";

async function refusedOr<T>(what: Promise<T>): Promise<string> {
  try {
    await what;
    return "done";
  } catch (e) {
    if (!(e instanceof restate.TerminalError)) throw e;
    return `refused with ${e.code}`;
  }
}

/** Runs once per key, and waits for a promise that shared handlers complete. */
export const flow = restate.workflow({
  name: "Flow",
  handlers: {
    run: async (ctx: restate.WorkflowContext, subject: string) => {
      await ctx.run("tell", () => trace(subject, "run"));
      ctx.set("status", "waiting");
      const value = await ctx.promise<string>(GO);
      ctx.set("status", "done");
      return `got ${value}`;
    },
    status: async (ctx: restate.WorkflowSharedContext) => ctx.get<string>("status"),
    peek: async (ctx: restate.WorkflowSharedContext) => (await ctx.promise<string>(GO).peek()) ?? null,
    await: async (ctx: restate.WorkflowSharedContext) => ctx.promise<string>(GO).get(),
    resolve: async (ctx: restate.WorkflowSharedContext, value: string) => refusedOr(ctx.promise<string>(GO).resolve(value)),
    reject: async (ctx: restate.WorkflowSharedContext, reason: string) => refusedOr(ctx.promise<string>(GO).reject(reason)),
  },
});

/** Its outcome, state and promises are forgotten at once. */
export const briefFlow = restate.workflow({
  name: "BriefFlow",
  handlers: { run: async (ctx: restate.WorkflowContext, subject: string) => ctx.run("count", () => trace(subject, "run")) },
  options: { workflowRetention: { milliseconds: 1 }, journalRetention: 0 },
});

/** Starts a workflow and waits for it, from a handler. */
export const starter = restate.service({
  name: "Starter",
  handlers: {
    start: async (ctx: restate.Context, req: { key: string; subject: string }) => {
      const run = ctx.workflowClient(flow, req.key).run(req.subject);
      ctx.workflowSendClient(flow, req.key).resolve("from the starter");
      return run;
    },
    within: async (ctx: restate.Context, req: { scope: string; key: string }) =>
      ctx.scope(req.scope).workflowClient(flow, req.key).run(req.key),
  },
});
