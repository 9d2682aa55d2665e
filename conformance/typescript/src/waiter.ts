import * as restate from "@restatedev/restate-sdk";
import { trace } from "./outside.ts";

/** Waits for what comes from outside: awakeables, signals, cancellation. */
export const waiter = restate.service({
  name: "Waiter",
  handlers: {
    /** Tells the awakeable's id outside, and waits; when it fails, it cleans up. */
    wait: async (ctx: restate.Context, subject: string) => {
      const { id, promise } = ctx.awakeable<unknown>();
      try {
        await ctx.run("tell", () => trace(subject, id));
        return await promise;
      } catch (e) {
        if (e instanceof restate.TerminalError) await ctx.run("clean up", () => trace(subject, "cleaned up"));
        throw e;
      }
    },
    /** Waits by way of a callee. */
    parent: async (ctx: restate.Context, subject: string) => {
      try {
        return await ctx.serviceClient(waiterOnly).wait(`${subject} child`);
      } catch (e) {
        if (e instanceof restate.TerminalError) await ctx.run("clean up", () => trace(subject, "cleaned up"));
        throw e;
      }
    },
    /** Learns that it is cancelled, and goes on to its end all the same. */
    stubborn: restate.handlers.handler({ explicitCancellation: true }, async (ctx: restate.Context, subject: string) => {
      const internal = ctx as restate.internal.ContextInternal;
      const { id, promise } = ctx.awakeable<string>();
      await ctx.run("tell", () => trace(subject, id));
      await internal.cancellation();
      await ctx.run("tell", () => trace(subject, "was cancelled"));
      return `stubborn: ${await promise}`;
    }),
    resolve: async (ctx: restate.Context, req: { id: string; value: unknown }) => ctx.resolveAwakeable(req.id, req.value),
    reject: async (ctx: restate.Context, req: { id: string; reason: string }) => ctx.rejectAwakeable(req.id, req.reason),
    signal: async (ctx: restate.Context, subject: string) => {
      await ctx.run("tell", () => trace(subject, ctx.request().id));
      return `${await ctx.signal<string>("first")} ${await ctx.signal<string>("second")}`;
    },
    sendSignal: async (ctx: restate.Context, req: { id: string; name: string; value?: string; reason?: string }) => {
      const signal = ctx.invocation(req.id as restate.InvocationId).signal<string>(req.name);
      if (req.reason === undefined) signal.resolve(req.value);
      else signal.reject(req.reason);
    },
  },
});
const waiterOnly = restate.service({ name: "Waiter", handlers: { wait: async (_: restate.Context, _subject: string): Promise<unknown> => null } });
