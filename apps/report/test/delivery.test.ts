import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { openHistory, type History } from "@runledger/history";
import { createTestHistory, type TestHistory } from "@runledger/history/testing";
import fc from "fast-check";
import pMap from "p-map";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sendAll } from "./delivery-fixture.ts";
import { mortalHistory, type Death } from "./mortal-history.ts";
import { startScriptedServer, type Script, type ScriptedServer } from "./scripted-server.ts";

const RUNS = 200;
const RUNS_AT_ONCE = 25;

let history: TestHistory;
/** What all processes but those that are cut off share, to save sessions. */
let shared: History;
/** What the server does with each try of a message to an address; when there is no more, it takes it. */
const scripts = new Map<string, Script[]>();
let server: ScriptedServer;

beforeAll(async () => {
  history = await createTestHistory();
  shared = await openHistory({ url: history.url, maxConnections: 3 * RUNS_AT_ONCE });
  server = await startScriptedServer((recipient) => scripts.get(recipient)?.shift() ?? {});
});

afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await shared[Symbol.asyncDispose]();
  await history[Symbol.asyncDispose]();
});

const troubles: readonly Script[] = [
  { rcpt: "450 4.7.1 greylisted" },
  { rcpt: "550 5.1.1 no such user" },
  { rcpt: null },
  { data: "451 not now" },
  { data: null },
  { end: "452 out of space" },
  { end: "554 refused" },
  { end: null, isTaken: false },
  { end: null, isTaken: true },
  { slowMs: 5 },
];

const script = fc.oneof({ weight: 2, arbitrary: fc.constant({}) }, fc.constantFrom(...troubles));
const death: fc.Arbitrary<Death> = fc.record({
  atQuery: fc.integer({ min: 1, max: 24 }),
  isHeard: fc.boolean(),
});

/**
 * How one of two senders fares: it lives, dies, is interrupted, loses all its sessions once and lives on, or stands still
 * for so long that it is taken for dead, and then goes on.
 */
const fate = fc.oneof(
  fc.constant({ kind: "lives" as const }),
  death.map((end) => ({ kind: "dies" as const, end })),
  fc.integer({ min: 0, max: 30 }).map((afterMs) => ({ kind: "is interrupted" as const, afterMs })),
  fc.integer({ min: 0, max: 30 }).map((afterMs) => ({ kind: "is cut off" as const, afterMs })),
  fc.integer({ min: 0, max: 30 }).map((afterMs) => ({ kind: "is taken for dead" as const, afterMs })),
);

const run = fc.record({
  id: fc.uuid(),
  scripts: fc.array(fc.array(script, { maxLength: 3 }), { minLength: 1, maxLength: 7 }),
  suppressed: fc.nat({ max: 9 }),
  fates: fc.tuple(fate, fate),
});
type Run = typeof run extends fc.Arbitrary<infer T> ? T : never;
type Fate = Run["fates"][number];

/** Sends as one process would that fares so; how it ends is its own affair. */
async function sendAs(agreement: string, recipients: string[], fare: Fate): Promise<void> {
  const applicationName = `${fare.kind} ${randomUUID()}`;
  await using own =
    fare.kind === "is cut off"
      ? await openHistory({ url: history.url, applicationName, maxConnections: 2 })
      : null;
  const sending = sendAll({
    history: fare.kind === "dies" ? mortalHistory(shared, fare.end) : (own ?? shared),
    smtpUrl: server.url,
    agreement,
    recipients,
    ...(fare.kind === "is interrupted" && { signal: AbortSignal.timeout(fare.afterMs) }),
  }).catch(() => {});
  if (fare.kind === "is cut off") {
    await wait(fare.afterMs);
    await history.pool.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1",
      [applicationName],
    );
  }
  if (fare.kind === "is taken for dead") {
    await wait(fare.afterMs);
    await expireClaims(agreement);
  }
  await sending;
}

/** As if whoever has claims had not given a word for a minute. */
async function expireClaims(agreement: string): Promise<void> {
  await history.pool.query(
    `update runledger.processes set expires_at = now()
     where process_uuid in (select claimed_by from runledger.deliveries where agreement = $1)`,
    [agreement],
  );
}

/** What became of each message: its state in the ledger and how often it arrived. */
async function fares(agreement: string, recipients: string[]) {
  const { rows } = await history.pool.query<{ recipient: string; status: string }>(
    "select recipient, status from runledger.deliveries where agreement = $1",
    [agreement],
  );
  return recipients.map((recipient) => ({
    status: rows.find((row) => row.recipient === recipient)?.status,
    arrived: server.delivered.filter((mail) => mail.recipient === recipient).length,
  }));
}

async function check({ id: agreement, scripts: plans, suppressed, fates }: Run): Promise<string[]> {
  const recipients = plans.map((_, index) => `r${index}-${agreement}@acme.example`);
  for (const [index, plan] of plans.entries()) {
    scripts.set(recipients[index] ?? "", [...plan]);
  }
  const unwilling = recipients[suppressed];
  if (unwilling !== undefined) {
    await history.db
      .insertInto("suppressions")
      .values({ recipient: unwilling.toUpperCase(), agreement })
      .execute();
  }
  await Promise.all(fates.map((fare) => sendAs(agreement, recipients, fare)));
  await expireClaims(agreement);
  await sendAs(agreement, recipients, { kind: "lives" });
  const ends = await fares(agreement, recipients);
  for (const [index, end] of ends.entries()) {
    const plan = plans[index] ?? [];
    const possible = index === suppressed ? [{ status: "suppressed", arrived: 0 }] : endsOf(plan, fates);
    expect(possible, JSON.stringify({ plan, fates })).toContainEqual(end);
  }
  return ends.map(({ status }) => String(status));
}

/** How it may end. Where nothing but refusals for now came between living senders, everybody gets theirs. */
function endsOf(plan: readonly Script[], fates: readonly Fate[]) {
  const isCalm = plan.every(isHarmless) && fates.every(({ kind }) => kind === "lives");
  return isCalm ? [SENT] : [SENT, ...OTHER_ENDS];
}

const SENT = { status: "sent", arrived: 1 };
const OTHER_ENDS = [
  { status: "failed", arrived: 0 },
  { status: "unknown", arrived: 0 },
  { status: "unknown", arrived: 1 },
];

function isHarmless({ rcpt, data, end }: Script): boolean {
  return end !== null && [rcpt, data, end].every((reply) => !reply?.startsWith("5"));
}

test("gives every message a final state and nobody one twice, whatever happens to two senders", async () => {
  const runs = fc.sample(run, RUNS);
  const statuses = await pMap(runs, check, { concurrency: RUNS_AT_ONCE });
  const counts = Object.groupBy(statuses.flat(), (status) => status);
  expect(Object.keys(counts).toSorted()).toEqual(["failed", "sent", "suppressed", "unknown"]);
});
