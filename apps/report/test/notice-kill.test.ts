import { fork, type ChildProcess } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { createTestHistory } from "@runledger/history/testing";
import { expect, test } from "vitest";
import { ended } from "./ended.ts";
import { startScriptedServer, type Script } from "./scripted-server.ts";

/** A sender of one notice, killed at its first try; then what the next ones do. */
async function killedThenAgain(where: "history" | "files", first: Script) {
  const out = await mkdtemp(join(tmpdir(), "runledger-notice-"));
  await using history = await createTestHistory();
  const scripts = [first];
  await using server = await startScriptedServer(() => scripts.shift() ?? {});
  const task = { databaseUrl: where === "history" ? history.url : null, smtpUrl: server.url, out };
  const start = (): ChildProcess =>
    fork(join(import.meta.dirname, "notice-process.ts"), [JSON.stringify(task)], { silent: true });

  const victim = start();
  while (server.tries() === 0 || server.delivered.length < (first.isTaken ? 1 : 0)) {
    await wait(5);
  }
  // Whoever comes while it lives leaves the notice to it.
  expect(await ended(start())).toEqual([0, null]);
  expect(server.tries()).toBe(1);
  victim.kill("SIGKILL");
  await ended(victim);
  const next = [start(), start()];
  await Promise.all(next.map((sender) => ended(sender)));
  expect(await ended(start())).toEqual([0, null]);
  await rm(out, { recursive: true });
  const { rows } = await history.pool.query<{ status: string }>("select status from runledger.notices");
  return { arrived: server.delivered.length, status: rows[0]?.status };
}

test.each([
  ["history", "sent"],
  ["files", undefined],
] as const)(
  "a notice in the %s whose sender was killed before it left is sent by the next one",
  async (where, status) => {
    expect(await killedThenAgain(where, { rcpt: "" })).toEqual({ arrived: 1, status });
  },
);

test.each([
  ["history", "unknown"],
  ["files", undefined],
] as const)(
  "a notice in the %s whose sender was killed after it may have left is not sent again",
  async (where, status) => {
    expect(await killedThenAgain(where, { end: "", isTaken: true })).toEqual({ arrived: 1, status });
  },
);
