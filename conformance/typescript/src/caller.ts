import * as restate from "@restatedev/restate-sdk";
import { basic, type Failure } from "./basic.ts";
import { store } from "./store.ts";
import { waiter } from "./waiter.ts";

const { opts, sendOpts } = restate.rpc;
const idOf = (id: string) => id as restate.InvocationId;

/** One handler calls another. */
export const caller = restate.service({
  name: "Caller",
  handlers: {
    greet: async (ctx: restate.Context, name: string) => `They said: ${await ctx.serviceClient(basic).greet(name)}`,
    add: async (ctx: restate.Context, req: { key: string; n: number }) => ctx.objectClient(store, req.key).add(req.n),
    fail: async (ctx: restate.Context, how: Failure) => {
      try {
        return await ctx.serviceClient(basic).fail(how);
      } catch (e) {
        if (!(e instanceof restate.TerminalError)) throw e;
        return { message: e.message, code: e.code, metadata: e.metadata ?? null };
      }
    },
    send: async (ctx: restate.Context, req: { subject: string; effect: string; delay?: number }) =>
      ctx.serviceSendClient(basic).note({ subject: req.subject, effect: req.effect }, sendOpts({ delay: req.delay })).invocationId,
    twice: async (ctx: restate.Context, req: { subject: string; key: string }) => {
      const note = { subject: req.subject, effect: "noted" };
      const first = ctx.serviceClient(basic).note(note, opts({ idempotencyKey: req.key }));
      const second = ctx.serviceClient(basic).note(note, opts({ idempotencyKey: req.key }));
      await restate.RestatePromise.all([first, second]);
      return [await first.invocationId, await second.invocationId];
    },
    /** Two one-way calls that are one, with all that can be said. */
    sendTwice: async (ctx: restate.Context, req: { subject: string; key: string }) => {
      const said = sendOpts<string>({ idempotencyKey: req.key, headers: { "x-conformance": "yes" } });
      const first = ctx.serviceSendClient(basic).tell(req.subject, said);
      const second = ctx.serviceSendClient(basic).tell(req.subject, said);
      return [await first.invocationId, await second.invocationId];
    },
    headers: async (ctx: restate.Context) => {
      const seen = await ctx.serviceClient(basic).headers(opts({ headers: { "x-conformance": "yes" } }));
      return (seen as Record<string, string>)["x-conformance"] ?? null;
    },
    attach: async (ctx: restate.Context, id: string) => ctx.attach<unknown>(idOf(id)),
    cancel: async (ctx: restate.Context, id: string) => ctx.cancel(idOf(id)),
    /** Cancels what it called itself, and tells how that ended. */
    callAndCancel: async (ctx: restate.Context, subject: string) => {
      const call = ctx.serviceClient(waiter).wait(subject);
      ctx.cancel(await call.invocationId);
      try {
        return await call;
      } catch (e) {
        if (!(e instanceof restate.TerminalError)) throw e;
        return e.code;
      }
    },
    within: async (ctx: restate.Context, req: { scope: string; limitKey: string }) =>
      ctx.scope(req.scope).serviceClient(basic).where(opts({ limitKey: req.limitKey })),
    /** Many at once within a scope; it does not wait for all of them. */
    crowd: async (ctx: restate.Context, req: { scope: string; subject: string; calls: number; sends: number }) => {
      const busy = { subject: req.subject };
      for (let n = 0; n < req.sends; n++) ctx.scope(req.scope).serviceSendClient(basic).busy(busy);
      const calls = Array.from({ length: req.calls }, () => ctx.scope(req.scope).serviceClient(basic).busy(busy));
      return (await restate.RestatePromise.all(calls)).length;
    },
    /** The same call with the same key, in some scopes. */
    inScopes: async (ctx: restate.Context, req: { scopes: string[]; subject: string; key: string }) => {
      const note = { subject: req.subject, effect: "noted" };
      const calls = req.scopes.map((it) => ctx.scope(it).serviceClient(basic).note(note, opts({ idempotencyKey: req.key })));
      await restate.RestatePromise.all(calls);
      const ids: string[] = [];
      for (const call of calls) ids.push(await call.invocationId);
      return ids;
    },
    /** A chain of calls: one invocation waits for the next. */
    chain: async (ctx: restate.Context, depth: number): Promise<number> =>
      depth === 0 ? 0 : 1 + (await ctx.genericCall<number, number>({
        service: "Caller", method: "chain", parameter: depth - 1,
        inputSerde: restate.serde.json, outputSerde: restate.serde.json,
      })),
  },
});
