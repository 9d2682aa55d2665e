import "./node20.ts";
import * as restate from "@restatedev/restate-sdk";
import { basic, door, edition, leaver } from "./basic.ts";
import { caller } from "./caller.ts";
import { combine } from "./combine.ts";
import { briefFlow, flow, starter } from "./flow.ts";
import { steps } from "./steps.ts";
import { store } from "./store.ts";
import { timing } from "./timing.ts";
import { waiter } from "./waiter.ts";

// What the services ask of the server: SUSPEND=1 for every wait to be put away at once, LAZY=1 for lazy state.
const options: restate.DefaultServiceOptions = {
  ...(process.env.SUSPEND === "1" ? { inactivityTimeout: 0 } : {}),
  ...(process.env.LAZY === "1" ? { enableLazyState: true } : {}),
};
const services = [basic, door, edition, leaver, caller, combine, flow, briefFlow, starter, steps, store, timing, waiter];
const only = process.env.ONLY?.split(",");

const endpoint = restate.endpoint().defaultServiceOptions(options);
for (const service of services) if (only?.includes(service.name) ?? true) endpoint.bind(service);
const port = await endpoint.listen(Number(process.env.PORT ?? 0));
console.log(`services on ${port}`);
