// The world outside: the driver listens there and remembers what handlers did to it.
const OUTSIDE = process.env.OUTSIDE ?? "http://127.0.0.1:9099";

/** Leaves a trace outside and returns how many of its kind the subject has, with this one. */
export async function trace(subject: string, effect: string): Promise<number> {
  const response = await fetch(`${OUTSIDE}/trace?subject=${encodeURIComponent(subject)}`, { method: "POST", body: effect });
  return Number(await response.text());
}

/** Whether the driver has raised the flag. */
export async function raised(flag: string): Promise<boolean> {
  const response = await fetch(`${OUTSIDE}/flag?name=${encodeURIComponent(flag)}`);
  return (await response.text()) === "true";
}
