import * as restate from "@restatedev/restate-sdk";
import { basic } from "./basic.ts";
import { trace } from "./outside.ts";

const { all, allSettled, any, race } = restate.RestatePromise;
const minute = 60_000;

/** Several things awaited at once. */
export const combine = restate.service({
  name: "Combine",
  handlers: {
    all: async (ctx: restate.Context) =>
      all([ctx.serviceClient(basic).greet("a"), ctx.run("b", () => "b"), ctx.sleep(20).map(() => "slept")]),
    race: async (ctx: restate.Context) => race([ctx.sleep(minute).map(() => "slept"), ctx.serviceClient(basic).greet("a")]),
    any: async (ctx: restate.Context) =>
      any([
        ctx.serviceClient(basic).fail({ message: "no", code: 418 }).map((_, e) => { throw e!; }),
        ctx.sleep(50).map(() => "slept"),
      ]),
    settled: async (ctx: restate.Context) => {
      const both = await allSettled([ctx.serviceClient(basic).greet("a"), ctx.serviceClient(basic).fail({ message: "no", code: 418 })]);
      return both.map((it) => it.status);
    },
    timeout: async (ctx: restate.Context) => {
      try {
        return await ctx.awakeable<string>().promise.orTimeout(50);
      } catch (e) {
        if (e instanceof restate.TimeoutError) return "timed out";
        throw e;
      }
    },
    /** Tells two awakeables, and needs both, or a minute. */
    nested: async (ctx: restate.Context, subject: string) => {
      const left = ctx.awakeable<string>();
      const right = ctx.awakeable<string>();
      await ctx.run("tell left", () => trace(subject, `left ${left.id}`));
      await ctx.run("tell right", () => trace(subject, `right ${right.id}`));
      const both = all([left.promise, any([right.promise, ctx.sleep(minute).map(() => "slept")])]);
      return race([both.map((it) => it!.join(" and ")), ctx.sleep(minute).map(() => "too late")]);
    },
  },
});
