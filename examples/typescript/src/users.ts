import * as restate from "@restatedev/restate-sdk";
import { leaveTrace } from "./outside.ts";

/** Called with curl: to wait for the response, until accepted, or for later. */
export const users = restate.service({
  name: "users",
  handlers: {
    create: async (ctx: restate.Context, req: { name: string }) => {
      await ctx.run("insert user", () => leaveTrace(req.name, "create user"));
      return { created: req.name };
    },
  },
});
export type Users = typeof users;
