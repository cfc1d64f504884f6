import { randomUUID } from "node:crypto";
import { enlist } from "@runledger/history";
import { createTestHistory, type TestHistory } from "@runledger/history/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { BEING_SENT } from "../src/delivery/deliver.ts";
import { ledgerRecord, type LedgerRow } from "../src/delivery/delivery-ledger.ts";
import { isSentToAll, readKnownWeeks } from "../src/due/known-weeks.ts";

let history: TestHistory;
beforeAll(async () => {
  history = await createTestHistory();
});
afterAll(() => history[Symbol.asyncDispose]());

const NOW = new Date("2026-03-23T06:00:00Z");
const RECIPIENT = "a@acme.example";

function rowsOf(agreement: string): LedgerRow[] {
  const week = { agreement, week: "2026-W12", recipient: RECIPIENT };
  return [
    { table: "deliveries", key: { ...week, revision: 1, channel: "email" }, messageId: "<1@acme.example>" },
    { table: "notices", key: { ...week, trouble: "not_covered" } },
  ];
}

test.each([
  { status: "sent", error: null, stored: "sent", sentAt: NOW },
  { status: "failed", error: "550 no such user", stored: "failed", sentAt: null },
  { status: "unknown", error: "the connection broke", stored: "unknown", sentAt: null },
  { status: "put_off", error: "451 not now", stored: "claimed", sentAt: null },
] as const)("says of a message that was $status when it was sent, if it was", async (fate) => {
  for (const row of rowsOf(randomUUID())) {
    const record = ledgerRecord(row, { history, processUuid: randomUUID(), isResend: false });
    expect(await record.claim()).toBe("claimed");
    await record.noteHandover();
    await record.settle({ status: fate.status, error: fate.error, attempts: 1 }, NOW);
    const { rows } = await history.pool.query(
      `select status, last_error, sent_at from runledger.${row.table} where agreement = $1`,
      [row.key.agreement],
    );
    expect(rows).toEqual([{ status: fate.stored, last_error: fate.error, sent_at: fate.sentAt }]);
  }
});

test.each([
  ["claimed", false],
  ["failed", false],
  ["sent", true],
  ["unknown", true],
  ["suppressed", true],
])("takes a week whose message is %s for complete: %s", async (status, isComplete) => {
  const agreement = randomUUID();
  await history.pool.query(
    `insert into runledger.deliveries (agreement, week, revision, recipient, status, message_id)
     values ($1, '2026-W12', 1, 'A@acme.example', $2, '<1>'), ($1, '2026-W12', 1, 'b@acme.example', 'sent', '<2>')`,
    [agreement, status],
  );
  const recipients = [RECIPIENT, "b@acme.example"];
  expect(await isSentToAll(history, { agreement, week: "2026-W12", revision: 1 }, recipients)).toBe(
    isComplete,
  );
  const report = { to: recipients, cc: [], failuresTo: [], settleMs: 0 };
  expect(await readKnownWeeks(history, { id: agreement, report })).toMatchObject({
    sent: ["2026-W12"],
    isLatestComplete: isComplete,
  });
});

test("takes no revision for sent because the one before it was", async () => {
  const agreement = randomUUID();
  await history.pool.query(
    `insert into runledger.deliveries (agreement, week, revision, recipient, status, message_id)
     values ($1, '2026-W12', 1, $2, 'sent', '<1>'), ($1, '2026-W12', 3, $2, 'sent', '<3>'), ($1, '2026-W11', 2, $2, 'sent', '<2>')`,
    [agreement, RECIPIENT],
  );
  const isSent = async (revision: number) =>
    isSentToAll(history, { agreement, week: "2026-W12", revision }, [RECIPIENT]);
  expect([await isSent(1), await isSent(2), await isSent(3)]).toEqual([true, false, true]);
});

test("leaves a message to the living process that has claimed it, and takes it over from a dead one", async () => {
  for (const row of rowsOf(randomUUID())) {
    const claimBy = (processUuid: string) =>
      ledgerRecord(row, { history, processUuid, isResend: true }).claim();
    {
      await using first = await enlist(history, "runledger-report");
      expect(await claimBy(first.uuid)).toBe("claimed");
      expect(await claimBy(randomUUID())).toEqual(BEING_SENT);
    }
    const heir = randomUUID();
    expect(await claimBy(heir)).toBe("claimed");
    await ledgerRecord(row, { history, processUuid: heir, isResend: true }).noteHandover();
    // It died after the message may have left: nobody sends it again.
    expect(await claimBy(randomUUID())).toMatchObject({ status: "unknown" });
    expect(await claimBy(randomUUID())).toMatchObject({ status: "skipped" });
  }
});

test("counts every try of a message", async () => {
  for (const row of rowsOf(randomUUID())) {
    const record = ledgerRecord(row, { history, processUuid: randomUUID(), isResend: false });
    await record.claim();
    for (const attempts of [1, 2, 3]) {
      await record.noteTry();
      const { rows } = await history.pool.query(
        `select attempts from runledger.${row.table} where agreement = $1`,
        [row.key.agreement],
      );
      expect(rows).toEqual([{ attempts }]);
    }
  }
});
