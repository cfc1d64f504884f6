import { fork, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { needsProgram } from "@runledger/testing/needs-program";
import { LEASE_TIMING } from "@runledger/history";
import { createTestHistory, type TestHistory } from "@runledger/history/testing";
import { startPgBouncer } from "@runledger/history/testing/pgbouncer";
import { expect, test } from "vitest";
import { ended } from "./ended.ts";
import { startScriptedServer, type ScriptedServer } from "./scripted-server.ts";

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
  expect(await ended(sender)).toEqual([0, null]);
  // A sender that starts sees which of those before it on this machine are gone.
  expect(await ended(start())).toEqual([0, null]);

  await expectOneEach(history, server, recipients);
  // A kill leaves in doubt only what the few connections had handed over at that moment.
  const { rows } = await history.pool.query("select from runledger.deliveries where status = 'unknown'");
  expect(rows.length).toBeLessThanOrEqual(KILLS * 5);
});

async function expectOneEach(
  history: TestHistory,
  server: ScriptedServer,
  recipients: string[],
): Promise<void> {
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
}

/** More of them on demand: LEASE_ROUNDS=100. */
const ROUNDS = Number(process.env["LEASE_ROUNDS"] ?? 1);

const pgbouncer = needsProgram("pgbouncer");
/** Short, but not for a busy machine. */
const LEASE = { lengthMs: 1000, beatMs: 200 };

const ways = ["straight", ...(pgbouncer.isMissing ? [] : ["through PgBouncer"])];

test.each(ways)(
  "frozen and taken over from, %s, sends nothing that another sender has claimed",
  { timeout: 60_000 + ROUNDS * 60_000 },
  async (way) => {
    for (let round = 0; round < ROUNDS; round += 1) {
      await using history = await createTestHistory();
      await using server = await startScriptedServer(() => ({ slowMs: 3 }));
      await using pooler =
        way === "straight" ? null : await startPgBouncer(pgbouncer.path, history.url, "transaction");
      const recipients = Array.from({ length: 100 }, (_, index) => `r${index}@acme.example`);
      const task = {
        databaseUrl: pooler?.url ?? history.url,
        smtpUrl: server.url,
        agreement: "finance",
        recipients,
      };
      const start = (leaseTiming = LEASE_TIMING): ChildProcess =>
        fork(join(import.meta.dirname, "send-process.ts"), [JSON.stringify({ ...task, leaseTiming })], {
          silent: true,
        });

      const frozen = start(LEASE);
      const target = Math.random() * recipients.length;
      while (server.delivered.length < target && frozen.exitCode === null) {
        await wait(2);
      }
      frozen.kill("SIGSTOP");
      await wait(LEASE.lengthMs * 1.3);
      // One that is frozen in the midst of transactions holds up the next for as long as the server lets it.
      expect(await ended(start())).toEqual([0, null]);
      // What was claimed then and not handed over has been sent by the other one.
      const { rows } = await history.pool.query(
        "select 1 from runledger.deliveries where status = 'claimed'",
      );
      expect(rows).toEqual([]);
      frozen.kill("SIGCONT");
      await ended(frozen);
      await expectOneEach(history, server, recipients);
    }
  },
);
