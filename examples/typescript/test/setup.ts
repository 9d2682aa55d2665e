import { type ChildProcess, execFile, spawn } from "node:child_process";
import { connect as dial } from "node:net";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

export const INGRESS = process.env.INGRESS ?? "http://localhost:8080";
export const ADMIN = process.env.ADMIN ?? "http://localhost:9070";
export const PORT = Number(process.env.PORT ?? 9080);
/** What the server calls this machine by. */
const HOST = process.env.SERVICES_HOST ?? "localhost";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const run = promisify(execFile);

/** Runs a program of src/ and returns what it printed. */
export async function program(file: string, ...args: string[]): Promise<string> {
  const argv = ["--import", "tsx", `src/${file}`, ...args];
  const { stdout } = await run(process.execPath, argv, { cwd: root, env: { ...process.env, INGRESS } });
  return stdout.trim();
}

/** Asks until the answer satisfies, and fails after the deadline with the last answer. */
export async function eventually<T>(ask: () => PromiseLike<T>, satisfied: (answer: T) => boolean, deadlineMillis = 20_000): Promise<T> {
  const end = Date.now() + deadlineMillis;
  for (;;) {
    const answer = await ask();
    if (satisfied(answer)) return answer;
    if (Date.now() > end) throw new Error(`Expected a change within ${deadlineMillis} ms, but got ${JSON.stringify(answer)}`);
    await pause(50);
  }
}

export const pause = (millis: number) => new Promise((wake) => setTimeout(wake, millis));

function listening(): Promise<boolean> {
  return new Promise((answer) => {
    const socket = dial(PORT, "localhost");
    socket.once("connect", () => (socket.destroy(), answer(true)));
    socket.once("error", () => answer(false));
  });
}

/** The services under test: those already listening on PORT, else a process of our own that may be killed. */
export class Services {
  private process?: ChildProcess;

  static async find(): Promise<Services> {
    const services = new Services();
    if (!(await listening())) await services.start();
    return services;
  }

  get ours(): boolean {
    return this.process !== undefined;
  }

  async start(): Promise<void> {
    const env = { ...process.env, PORT: String(PORT), RESTATE_LOGGING: process.env.RESTATE_LOGGING ?? "ERROR" };
    this.process = spawn(process.execPath, ["--import", "tsx", "src/serve.ts"], { cwd: root, env, stdio: ["ignore", "ignore", "inherit"] });
    await eventually(listening, (up) => up);
  }

  /** Ends the process without a word, as a crash would. */
  async kill(): Promise<void> {
    const process = this.process;
    if (!process) return;
    const ended = new Promise((done) => process.once("exit", done));
    process.kill("SIGKILL");
    await ended;
  }

  async register(): Promise<string[]> {
    const response = await fetch(`${ADMIN}/deployments`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ uri: `http://${HOST}:${PORT}` }),
    });
    if (!response.ok) throw new Error(`Expected the deployment to be registered, but ${response.status}: ${await response.text()}`);
    const answer = (await response.json()) as { services: { name: string }[] };
    return answer.services.map((service) => service.name).sort();
  }
}
