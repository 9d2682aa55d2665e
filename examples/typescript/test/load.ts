// Official clients that call the programs until SIGTERM: node --import tsx test/load.ts
//   INGRESS, ADMIN, PORT, SERVICES_HOST as for the tests; CLIENTS: how many call at a time.
// Then prints one line: load {"calls":…,"errors":[…],"p50":…,"p99":…,"longest":…}; times are milliseconds.
import assert from "node:assert/strict";
import * as clients from "@restatedev/restate-sdk-clients";
import type { Greeter } from "../src/greeter.ts";
import type { HelloRestate } from "../src/hello.ts";
import type { Trials } from "../src/trials.ts";
import { INGRESS, Services } from "./setup.ts";

const MOST_ERRORS = 20;
const rs = clients.connect({ url: INGRESS });
const hello = rs.serviceClient<HelloRestate>({ name: "hello-restate" });
const trials = rs.serviceClient<Trials>({ name: "trials" });
const session = Date.now().toString(36);

const took: number[] = [];
const errors: string[] = [];
let ended = false;
process.once("SIGTERM", () => (ended = true));

/** One call; what it answers must be what it answers when everything was done once. */
async function call(what: string, answers: () => PromiseLike<unknown>, expected: unknown): Promise<void> {
  const begun = performance.now();
  try {
    assert.deepEqual(await answers(), expected);
  } catch (e) {
    const cause = e instanceof Error && e.cause ? ` (${e.cause})` : "";
    errors.push(`${new Date().toISOString()} ${what} after ${Math.round(performance.now() - begun)} ms: ${e}${cause}`);
  }
  took.push(performance.now() - begun);
}

async function client(number: number): Promise<void> {
  const key = `load-${session}-${number}`;
  const greeter = rs.objectClient<Greeter>({ name: "greeter" }, key);
  for (let round = 1; !ended && errors.length < MOST_ERRORS; round++) {
    await call("greeter", () => greeter.greet(), `Hello ${key} for the ${round}-th time.`);
    await call("hello", () => hello.greet({ who: key }), `Greetings, ${key}!`);
    await call("relay", () => trials.relay({ who: key }), `They said: Greetings, ${key}!`);
  }
}

const services = await Services.find();
await services.register();
console.log("calling");
await Promise.all(Array.from({ length: Number(process.env.CLIENTS ?? 8) }, (_, number) => client(number)));
took.sort((a, b) => a - b);
const at = (share: number) => Math.round(took[Math.min(took.length - 1, Math.floor(took.length * share))] ?? 0);
console.log(`load ${JSON.stringify({ calls: took.length, errors, p50: at(0.5), p99: at(0.99), longest: at(1) })}`);
await services.kill();
