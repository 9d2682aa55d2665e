import * as restate from "@restatedev/restate-sdk";
import { leaveTrace } from "./outside.ts";

const FREE = 50;

/** Asks a human. */
export const expenses = restate.service({
  name: "expenses",
  handlers: {
    claim: async (ctx: restate.Context, claim: { employee: string; euros: number; patience?: number }) => {
      if (claim.euros > FREE && !(await isApproved(ctx, claim.employee, claim.patience))) return "Not paid.";
      await ctx.run("pay", () => leaveTrace(claim.employee, `pay ${claim.euros} euros`));
      return "Paid.";
    },
  },
});
export type Expenses = typeof expenses;

/** Nothing runs while the boss thinks; who does not answer within a week has said no. */
async function isApproved(ctx: restate.Context, employee: string, patience = 7 * 24 * 3600 * 1000): Promise<boolean> {
  const decision = ctx.awakeable<boolean>();
  await ctx.run("ask the boss", () => leaveTrace(employee, `decide with ${decision.id}`));
  try {
    return await decision.promise.orTimeout(patience);
  } catch (e) {
    if (e instanceof restate.TimeoutError) return false;
    throw e;
  }
}
