// One sync in a process of its own whose lease expires soon, to be killed or frozen: node sync-process.ts '{"now": …}'
import { sync } from "../src/commands/sync.ts";
import { commandContext, type Edge } from "./sync-fixture.ts";

const {
  now,
  leaseTiming,
  ...edge
}: Omit<Edge, "now"> & { now: string; leaseTiming: { lengthMs: number; beatMs: number } } = JSON.parse(
  process.argv[2] ?? "{}",
);
const context = commandContext({ ...edge, now: new Date(now) }, { leaseTiming });
process.exitCode = await sync(context, {}).catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  return error instanceof Error && error.name === "LockedError" ? 75 : 1;
});
process.stdout.write(context.printed.out);
