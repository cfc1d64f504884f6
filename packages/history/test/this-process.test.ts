import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import { hasEnded, thisProcess, type ProcessMark } from "../src/leases/this-process.ts";

test("knows of a process on this machine whether it has ended, and of no other", async () => {
  const program = `import { thisProcess } from "${new URL("../src/leases/this-process.ts", import.meta.url).href}";
    process.stdout.write(JSON.stringify(thisProcess()));
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", program], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [said]: Buffer[] = await once(child.stdout, "data");
  const mark: ProcessMark = JSON.parse(String(said));
  expect(mark.pid).toBe(child.pid);
  expect(hasEnded(mark)).toBe(false);
  child.kill("SIGSTOP");
  expect(hasEnded(mark)).toBe(false);
  child.kill("SIGKILL");
  await once(child, "exit");
  expect(hasEnded(mark)).toBe(true);
  expect(hasEnded({ ...mark, machine: "elsewhere" })).toBe(false);
});

test("does not take a later process with the same pid for the one that had it", () => {
  const mark = thisProcess();
  expect(hasEnded(mark)).toBe(false);
  const isKnown = mark.pidStarted !== null;
  expect(hasEnded({ ...mark, pidStarted: isKnown ? "1" : null })).toBe(isKnown);
});
