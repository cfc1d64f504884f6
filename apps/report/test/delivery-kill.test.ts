import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { createTestHistory } from "@runledger/history/testing";
import { expect, test } from "vitest";
import { startScriptedServer } from "./scripted-server.ts";

const KILLS = 3;

test("killed again and again beside another sender, sends everybody theirs at last, and nobody two", async () => {
  await using history = await createTestHistory();
  await using server = await startScriptedServer(() => ({ slowMs: 3 }));
  const recipients = Array.from({ length: 150 }, (_, index) => `r${index}@acme.example`);
  const task = { databaseUrl: history.url, smtpUrl: server.url, agreement: "finance", recipients };
  const start = () => fork(join(import.meta.dirname, "send-process.ts"), [JSON.stringify(task)]);

  let sender = start();
  for (let kill = 1; kill <= KILLS; kill += 1) {
    const [victim, next] = [sender, start()];
    const target = (recipients.length / (KILLS + 2)) * kill;
    while (server.delivered.length < target) {
      await wait(2);
    }
    await wait(Math.random() * 10);
    victim.kill("SIGKILL");
    sender = next;
  }
  expect(await once(sender, "exit")).toEqual([0, null]);
  // By now Postgres has seen that all but this one are gone.
  expect(await once(start(), "exit")).toEqual([0, null]);

  const arrivals = server.delivered.map(({ recipient }) => recipient);
  expect(new Set(arrivals).size).toBe(arrivals.length);
  const { rows } = await history.pool.query<{ recipient: string; status: string }>(
    "select recipient, status from runledger.deliveries",
  );
  expect(rows).toHaveLength(recipients.length);
  for (const { recipient, status } of rows) {
    expect(["sent", "unknown"]).toContain(status);
    expect(status === "unknown" || arrivals.includes(recipient)).toBe(true);
  }
  // A kill leaves in doubt only what the few connections had handed over at that moment.
  expect(rows.filter(({ status }) => status === "unknown").length).toBeLessThanOrEqual(KILLS * 5);
});
