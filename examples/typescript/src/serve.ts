import "./node20.ts";
import * as restate from "@restatedev/restate-sdk";
import { dataRetrieval } from "./download.ts";
import { expenses } from "./expenses.ts";
import { greeter } from "./greeter.ts";
import { helloRestate } from "./hello.ts";
import { roles } from "./roles.ts";
import { usersignup } from "./signup.ts";
import { trials } from "./trials.ts";
import { users } from "./users.ts";

const port = Number(process.env.PORT ?? 9080);
await restate
  .endpoint()
  .bind(helloRestate)
  .bind(roles)
  .bind(greeter)
  .bind(dataRetrieval)
  .bind(users)
  .bind(usersignup)
  .bind(expenses)
  .bind(trials)
  .listen(port);
console.log(`serving on http://localhost:${port}`);
