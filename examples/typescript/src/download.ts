import * as restate from "@restatedev/restate-sdk";
import { leaveTrace } from "./outside.ts";

/** Something slow, called with an idempotency key, sent and awaited later, or scheduled. */
export const dataRetrieval = restate.service({
  name: "retrievedata",
  handlers: {
    prepareDownload: async (ctx: restate.Context, req: { userId: string; millis?: number }) => {
      const link = await ctx.run("collect data", () => {
        leaveTrace(req.userId, "collect data");
        return `https://downloads.example/${req.userId}/${Math.random().toString(36).slice(2)}`;
      });
      await ctx.sleep(req.millis ?? 100);
      return link;
    },
  },
});
export type DataRetrieval = typeof dataRetrieval;
