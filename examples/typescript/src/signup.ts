import { randomUUID } from "node:crypto";
import * as restate from "@restatedev/restate-sdk";
import { leaveTrace } from "./outside.ts";

const SECRET = "email-secret";

/** Sends an email with a link and waits for the click, for a second or for a month; once per user. */
export const usersignup = restate.workflow({
  name: "usersignup",
  handlers: {
    run: async (ctx: restate.WorkflowContext, user: { email: string }) => {
      const secret = await ctx.run("gen secret", () => randomUUID());
      await ctx.run("send email", () => leaveTrace(user.email, `your secret is ${secret}`));

      const clicked = await ctx.promise<string>(SECRET);
      if (clicked !== secret) throw new restate.TerminalError("verification failed", { errorCode: 403 });
      return `Welcome, ${ctx.key}!`;
    },

    /** Runs beside the other one; only the first click counts. */
    linkClick: async (ctx: restate.WorkflowSharedContext, secret: string) => {
      await ctx.promise<string>(SECRET).resolve(secret);
    },
  },
});
export type UserSignup = typeof usersignup;
