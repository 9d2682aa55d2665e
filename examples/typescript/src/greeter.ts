import * as restate from "@restatedev/restate-sdk";

/** A virtual object: state per key, and one handler at a time per key. */
export const greeter = restate.object({
  name: "greeter",
  handlers: {
    greet: async (ctx: restate.ObjectContext) => {
      const count = ((await ctx.get<number>("count")) ?? 0) + 1;
      ctx.set("count", count);
      return `Hello ${ctx.key} for the ${count}-th time.`;
    },
    reset: async (ctx: restate.ObjectContext) => {
      ctx.set("count", 0);
      return `Back to zero for ${ctx.key}.`;
    },
  },
});
export type Greeter = typeof greeter;
