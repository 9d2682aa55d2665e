import * as restate from "@restatedev/restate-sdk";
import { raised, trace } from "./outside.ts";

export interface Failure {
  message: string;
  code: number;
  metadata?: Record<string, string>;
}

const brief: restate.ServiceHandlerOpts<{ subject: string }, number> = { idempotencyRetention: { milliseconds: 1 }, journalRetention: 0 };

/** Requests and answers. */
export const basic = restate.service({
  name: "Basic",
  handlers: {
    echo: async (_: restate.Context, value: unknown) => value,
    greet: async (_: restate.Context, name: string) => `Hello ${name}`,
    nothing: async (_: restate.Context) => {},
    headers: async (ctx: restate.Context) => Object.fromEntries(ctx.request().headers),
    fail: async (_: restate.Context, how: Failure) => {
      throw new restate.TerminalError(how.message, { errorCode: how.code, metadata: how.metadata });
    },
    note: async (ctx: restate.Context, req: { subject: string; effect: string }) => {
      await ctx.run("note", () => trace(req.subject, req.effect));
      return req.effect;
    },
    /** Takes a moment, and tells when it begins and when it ends. */
    busy: async (ctx: restate.Context, req: { subject: string }) => {
      await ctx.run("work", async () => {
        await trace(req.subject, "in");
        await new Promise((done) => setTimeout(done, 100));
        await trace(req.subject, "out");
      });
      return "done";
    },
    /** Where it counts for limits; only protocol 7 tells it. */
    where: async (ctx: restate.Context) => ({ scope: ctx.request().scope ?? null, limitKey: ctx.request().limitKey ?? null }),
    /** Its outcome is kept for a moment only. */
    brief: restate.handlers.handler(brief, async (ctx: restate.Context, req: { subject: string }) =>
      ctx.run("count", () => trace(req.subject, "brief")),
    ),
    /** Tells who called it, by a header. */
    tell: async (ctx: restate.Context, subject: string) =>
      ctx.run("tell", () => trace(subject, ctx.request().headers.get("x-conformance") ?? "nobody")),
    hidden: restate.handlers.handler({ ingressPrivate: true }, async (_: restate.Context) => "seen"),
    callHidden: async (ctx: restate.Context) => ctx.serviceClient(hiddenOnly).hidden(),
  },
});
const hiddenOnly = restate.service({ name: "Basic", handlers: { hidden: async (_: restate.Context) => "" } });

/** Made public and private at run time. */
export const door = restate.service({
  name: "Door",
  handlers: { knock: async (_: restate.Context) => "come in" },
});

/** The same name in each version of the endpoint. */
export const edition = restate.service({
  name: "Edition",
  handlers: {
    which: async (_: restate.Context) => process.env.EDITION ?? "1",
    span: async (ctx: restate.Context, subject: string) => {
      const { id, promise } = ctx.awakeable<string>();
      await ctx.run("tell", () => trace(subject, id));
      await promise;
      return process.env.EDITION ?? "1";
    },
    /** Broken in the edition "broken", after its first step: from then on it belongs to an edition. */
    mend: restate.handlers.handler(
      { retryPolicy: { initialInterval: 20, maxInterval: 200 } },
      async (ctx: restate.Context, subject: string) => {
        await ctx.run("begin", () => trace(subject, "begun"));
        if (process.env.EDITION === "broken") throw new Error("broken");
        return `mended by ${process.env.EDITION}`;
      },
    ),
  },
});

/** Its deployment is removed. */
export const leaver = restate.service({
  name: "Leaver",
  handlers: {
    span: async (ctx: restate.Context, subject: string) => {
      const { id, promise } = ctx.awakeable<string>();
      await ctx.run("tell", () => trace(subject, id));
      return promise;
    },
  },
});

/** Its deployment is removed, too: says nothing until the driver raises the flag. */
export const silent = restate.service({
  name: "Silent",
  handlers: {
    think: async (ctx: restate.Context, subject: string) => {
      const count = await trace(subject, "thinks");
      while (!(await raised(subject))) await new Promise((go) => setTimeout(go, 50).unref());
      return ctx.run("say", () => count);
    },
  },
});
