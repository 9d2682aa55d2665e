// Awaits the result of a request that another process sent; the handle is the first argument.
import * as clients from "@restatedev/restate-sdk-clients";

const handle = JSON.parse(process.argv[2] ?? "") as clients.Send<string>;
const rs = clients.connect({ url: process.env.INGRESS ?? "http://localhost:8080" });
console.log(await rs.result(handle));
