// Sends a request and prints the handle, which any other process can await: see await-download.ts.
import * as clients from "@restatedev/restate-sdk-clients";
import type { DataRetrieval } from "./download.ts";

const [userId = "Hedy", millis = "500"] = process.argv.slice(2);
const rs = clients.connect({ url: process.env.INGRESS ?? "http://localhost:8080" });
const handle = await rs.serviceSendClient<DataRetrieval>({ name: "retrievedata" }).prepareDownload(
  { userId, millis: Number(millis) },
  // Only the result of a request with an idempotency key can be attached to.
  clients.rpc.sendOpts({ idempotencyKey: `download-${userId}` }),
);
console.log(JSON.stringify(handle));
