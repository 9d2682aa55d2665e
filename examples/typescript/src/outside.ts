import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * Stands for the systems outside (databases, mail, …): each effect is one line of a file, so that it
 * survives the death of this process and can be counted afterwards.
 */
const file = process.env.OUTSIDE ?? join(tmpdir(), `reprise-examples-${process.env.PORT ?? 9080}.log`);

/** Leaves a trace of `effect`, done on behalf of `subject`. */
export function leaveTrace(subject: string, effect: string): void {
  appendFileSync(file, JSON.stringify({ subject, effect, at: Date.now() }) + "\n");
}

export interface Trace {
  subject: string;
  effect: string;
  /** Milliseconds since the epoch. */
  at: number;
}

/** All effects on behalf of `subject`, oldest first. */
export function tracesOf(subject: string): Trace[] {
  if (!existsSync(file)) return [];
  return readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Trace)
    .filter((trace) => trace.subject === subject);
}
