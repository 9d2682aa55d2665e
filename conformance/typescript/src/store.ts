import * as restate from "@restatedev/restate-sdk";
import { trace } from "./outside.ts";

const sorted = async (keys: Promise<string[]>) => (await keys).sort();

/** State per key, and one exclusive handler at a time. */
export const store = restate.object({
  name: "Store",
  handlers: {
    put: async (ctx: restate.ObjectContext, req: { name: string; value: unknown }) => ctx.set(req.name, req.value),
    read: async (ctx: restate.ObjectContext, name: string) => ctx.get(name),
    names: async (ctx: restate.ObjectContext) => sorted(ctx.stateKeys()),
    drop: async (ctx: restate.ObjectContext, name: string) => ctx.clear(name),
    dropAll: async (ctx: restate.ObjectContext) => ctx.clearAll(),
    /** All six operations in one invocation, over what earlier ones left. */
    tour: async (ctx: restate.ObjectContext) => {
      const seen: unknown[] = [await ctx.get("left"), await sorted(ctx.stateKeys())];
      ctx.set("a", 1);
      ctx.set("b", { deep: [true, null] });
      seen.push(await ctx.get("a"), await ctx.get("b"), await sorted(ctx.stateKeys()));
      ctx.clear("a");
      seen.push(await ctx.get("a"));
      await ctx.sleep(1);
      seen.push(await ctx.get("b"), await ctx.get("left"));
      ctx.clearAll();
      seen.push(await ctx.get("left"), await sorted(ctx.stateKeys()));
      ctx.set("after", "all");
      return seen;
    },
    add: async (ctx: restate.ObjectContext, n: number) => {
      const sum = ((await ctx.get<number>("sum")) ?? 0) + n;
      await ctx.sleep(1);
      ctx.set("sum", sum);
      return sum;
    },
    hold: async (ctx: restate.ObjectContext, subject: string) => {
      const { id, promise } = ctx.awakeable<string>();
      await ctx.run("tell", () => trace(subject, id));
      return promise;
    },
    signalled: async (ctx: restate.ObjectContext, subject: string) => {
      await ctx.run("tell", () => trace(subject, "begun"));
      return (ctx as unknown as restate.Context).signal<string>("go");
    },
    peek: restate.handlers.object.shared(async (ctx: restate.ObjectSharedContext, name: string) => ctx.get(name)),
  },
});
