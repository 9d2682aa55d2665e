// Services behind one of the ways in which a server reaches them: node --import tsx test/transports.ts WAY
//   http1, http1-bidi, http2, tls (HTTP/2), tls-http1, lambda (Lambda's Invoke API with the SDK's handler behind it)
// IDENTITY_KEY: whose requests are answered. PFX, PASSPHRASE: key and certificate for TLS.
import "../src/node20.ts";
import { readFileSync } from "node:fs";
import * as http from "node:http";
import * as http2 from "node:http2";
import * as https from "node:https";
import type { AddressInfo, Server } from "node:net";
import * as zlib from "node:zlib";
import * as restate from "@restatedev/restate-sdk";
import * as lambda from "@restatedev/restate-sdk/lambda";
import { greeter } from "../src/greeter.ts";

const sleeper = restate.service({
  name: "sleeper",
  handlers: {
    nap: async (ctx: restate.Context, millis: number) => {
      await ctx.sleep(millis);
      return `slept ${millis}`;
    },
  },
});

const waiter = restate.service({
  name: "waiter",
  handlers: {
    wait: async (ctx: restate.Context, millis: number) => {
      const before = await ctx.run("before", () => "before");
      const slept = await ctx.serviceClient<typeof sleeper>({ name: "sleeper" }).nap(millis);
      return `${before}, ${slept}, ${await ctx.run("after", () => "after")}`;
    },
    echo: async (_: restate.Context, text: string) => text,
  },
});

const services = [greeter, sleeper, waiter];
const identityKeys = process.env.IDENTITY_KEY ? [process.env.IDENTITY_KEY] : undefined;
const bidirectional = process.argv[2] === "http1-bidi" ? true : undefined;
const handler = () => restate.createEndpointHandler({ services, identityKeys, bidirectional });
const tls = () => ({ pfx: readFileSync(process.env.PFX ?? ""), passphrase: process.env.PASSPHRASE });

/** How long functions ran in all, per service, in milliseconds. */
const busy: Record<string, number> = {};

/** What came and went compressed; the SDK's handler does so where its Node can (from 22.15 on). */
const packed = { supported: "zstdCompressSync" in zlib, requests: 0, answers: 0 };
type Envelope = { headers?: Record<string, string> };
const isPacked = (it: Envelope) => (it.headers?.["content-encoding"] === "zstd" ? 1 : 0);

function aws(): http.RequestListener {
  const invoke = lambda.createEndpointHandler({ services, identityKeys }) as (event: unknown, context: unknown) => Promise<Envelope>;
  return async (request, response) => {
    if (request.url === "/busy" || request.url === "/packed") {
      response.end(JSON.stringify(request.url === "/busy" ? busy : packed));
      return;
    }
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const begun = performance.now();
    const event = JSON.parse(Buffer.concat(chunks).toString()) as Envelope & { path: string };
    packed.requests += isPacked(event);
    try {
      if (request.headers.authorization?.startsWith("AWS4-HMAC-SHA256 ") !== true) throw new Error("Expected a signed request");
      const answer = await invoke(event, { awsRequestId: "1" });
      packed.answers += isPacked(answer);
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify(answer));
    } catch (e) {
      response.setHeader("x-amz-function-error", "Unhandled");
      response.end(JSON.stringify({ errorMessage: String(e) }));
    }
    const service = event.path.split("/")[2] ?? "discover";
    busy[service] = (busy[service] ?? 0) + performance.now() - begun;
  };
}

const ways: Record<string, () => Server> = {
  http1: () => http.createServer(handler()),
  "http1-bidi": () => http.createServer(handler()),
  http2: () => http2.createServer(handler()),
  tls: () => http2.createSecureServer(tls(), handler()),
  "tls-http1": () => https.createServer(tls(), handler()),
  lambda: () => http.createServer(aws()),
};
const way = ways[process.argv[2] ?? ""];
if (!way) throw new Error(`Expected one of ${Object.keys(ways).join(", ")}, but got ${process.argv[2]}`);
const server = way();
server.listen(0, "127.0.0.1", () => console.log(`serving on ${(server.address() as AddressInfo).port}`));
