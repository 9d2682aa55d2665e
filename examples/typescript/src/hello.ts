import * as restate from "@restatedev/restate-sdk";

/** Functions served as handlers: the smallest service there is. */
export const helloRestate = restate.service({
  name: "hello-restate",
  handlers: {
    hello: async (_ctx: restate.Context, req: { who: string }) => `Hello ${req.who}!`,
    greet: async (_ctx: restate.Context, req: { who: string }) => `Greetings, ${req.who}!`,
  },
});
export type HelloRestate = typeof helloRestate;
