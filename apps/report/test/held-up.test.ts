import { fork } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { HeldUpError, openHistory } from "@runledger/history";
import { createTestHistory } from "@runledger/history/testing";
import { startPgBouncer } from "@runledger/history/testing/pgbouncer";
import { needsProgram } from "@runledger/testing/needs-program";
import { describe, expect, test } from "vitest";
import { sendAll } from "./delivery-fixture.ts";
import { ended } from "./ended.ts";
import { startScriptedServer } from "./scripted-server.ts";

const pgbouncer = needsProgram("pgbouncer");
const recipients = Array.from({ length: 100 }, (_, index) => `r${index}@acme.example`);

async function setUp() {
  const history = await createTestHistory();
  const server = await startScriptedServer(() => ({}));
  const pooler = await startPgBouncer(pgbouncer.path, history.url, "transaction");
  return {
    history,
    server,
    task: { databaseUrl: pooler.url, smtpUrl: server.url, agreement: "finance", recipients },
    async [Symbol.asyncDispose]() {
      await pooler[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
      await history[Symbol.asyncDispose]();
    },
  };
}

// They wait for what happens after half a minute and more, beside each other.
describe.skipIf(pgbouncer.isMissing)("behind PgBouncer", { concurrent: true, timeout: 120_000 }, () => {
  test("one sender goes on alone when another stands still in the midst of transactions", async () => {
    await using world = await setUp();
    const start = (file: string, task: typeof world.task) =>
      fork(join(import.meta.dirname, file), [JSON.stringify(task)], { silent: true });
    // It keeps half of the pooler's sessions, and the other waits for its rows with the other half.
    const frozen = start("frozen-process.ts", { ...world.task, recipients: recipients.slice(0, 3) });
    while (!/^State:\s+T/mu.test(await readFile(`/proc/${frozen.pid}/status`, "utf8"))) await wait(5);
    expect(await ended(start("send-process.ts", world.task))).toEqual([0, null]);
    frozen.kill("SIGKILL");
    const arrivals = world.server.delivered.map(({ recipient }) => recipient);
    expect(arrivals.toSorted()).toEqual(recipients.toSorted());
  });

  test("a sender says who keeps its messages' rows locked, and ends nobody's transaction", async () => {
    await using world = await setUp();
    await using history = await openHistory({ url: world.task.databaseUrl });
    await using other = await openHistory({ url: world.history.url, applicationName: "psql" });
    const healthy = await other.pool.connect();
    await healthy.query("begin");
    await healthy.query(
      `insert into runledger.deliveries (agreement, week, revision, recipient, status, message_id)
       values ('finance', '2026-W12', 1, 'r7@acme.example', 'sent', '<x@y>')`,
    );
    const error = await sendAll({ ...world.task, history }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(HeldUpError);
    expect(String(error)).toMatch(
      /runledger.deliveries are locked by pid \d+ \(user \w+, psql\), in a transaction/u,
    );
    expect(world.server.delivered).toHaveLength(recipients.length - 1);
    await healthy.query("commit");
    healthy.release();
    await sendAll({ ...world.task, history });
    expect(world.server.delivered).toHaveLength(recipients.length - 1);
  });
});
