import { exitCode, type ExitCode } from "@runledger/cli";
import type { YlemClientOptions } from "@runledger/ylem-client";
import type { TaskRunRow } from "@runledger/ylem-sandbox";
import fc from "fast-check";
import { expect, test } from "vitest";
import { sync } from "../src/commands/sync.ts";
import { asideIn, breaking, longNight } from "./broken-answers.ts";
import {
  at,
  coverageOf,
  DAY_S,
  ORDERS,
  rowsOf,
  runShapes,
  setUp,
  sourceRows,
  storedRows,
} from "./sync-world.ts";

type World = Awaited<ReturnType<typeof setUp>>;

/** More of them on demand: SET_ASIDE_RUNS=200. */
const RUNS = Number(process.env["SET_ASIDE_RUNS"] ?? 3);

/** Broken from one night on until another. */
interface Fault {
  kind: "no JSON" | "too large" | "never ends" | "500" | "refused by the database";
  second: number;
  seconds: number;
  from: number;
  until: number;
}

interface Night {
  faults: readonly Fault[];
  /** The process is ended at so many answers of the log; null when it is not. */
  endsAt: number | null;
  /** So many answers may be of no use. */
  failures: number;
}

/** Enough for three answers that are broken for good. */
const PLENTY = 80;
const LIMIT = 300_000;
const ANSWERS = {
  "no JSON": () => new Response("<html>busy</html>"),
  "too large": () => new Response("[".repeat(LIMIT + 1)),
  "500": () => new Response("boom", { status: 500 }),
} as const;

/** Rows lie in the first three days; the last night of them lies too far off to compare those days without reason. */
const MORNINGS = [1, 2, 3, 4, 5, 50].map((day) => at(day * DAY_S + 8 * 3600));

const fault = (rows: readonly TaskRunRow[]): fc.Arbitrary<Fault> =>
  fc.record({
    kind: fc.constantFrom("no JSON", "too large", "never ends", "500", "refused by the database"),
    second: fc.oneof(
      fc.nat(3 * DAY_S),
      fc.constantFrom(0, DAY_S, ...rows.map(({ executedAtMicros }) => secondOf(executedAtMicros))),
    ),
    seconds: fc.constantFrom(0, 0, 1, 600, 7200),
    from: fc.constantFrom(0, 0, 0, 1, 2),
    until: fc.integer({ min: 1, max: MORNINGS.length }),
  });

function secondOf(micros: bigint | null): number {
  return micros === null ? 0 : Number(micros / 1_000_000n) - at(0).getTime() / 1000;
}

const world = fc
  .tuple(runShapes, fc.infiniteStream(fc.option(fc.integer({ min: 1, max: 40 }), { freq: 4 })))
  .chain(([runs, endings]) => {
    const rows = rowsOf(ORDERS, runs);
    return fc.record({
      rows: fc.constant(rows),
      faults: fc.array(fault(rows), { minLength: 1, maxLength: 3 }),
      endings: fc.constant([...endings.take(MORNINGS.length)]),
      failures: fc.constantFrom(PLENTY, PLENTY, 8),
    });
  });

test("knows of every row that is missing where it is, loses none, and waits for none", async () => {
  await fc.assert(
    fc.asyncProperty(world, async ({ rows, faults, endings, failures }) => {
      await using it = await setUp(rows, { now: at(DAY_S) });
      await refuseByTable(it);
      for (const [index, morning] of MORNINGS.entries()) {
        const active = faults.filter(({ from, until }) => from <= index && index < until);
        const endsAt = endings[index] ?? null;
        const code = await spend(it, morning, { faults: active, endsAt, failures });
        await expectNothingUnknown(it, rows, morning, code);
        // Whatever is broken, all that is new was asked for.
        const mayWait = code === null || failures < PLENTY;
        expect(mayWait || (await syncedThrough(it)).getTime() === morning.getTime()).toBe(true);
      }
      // All is healed: every night reads what it can, and a few are enough for all.
      for (let night = 0; ; night += 1) {
        const morning = at((51 + night) * DAY_S + 8 * 3600);
        const code = await spend(it, morning, { faults: [], endsAt: null, failures: PLENTY });
        await expectNothingUnknown(it, rows, morning, code);
        if (code === exitCode.done) break;
        expect(night).toBeLessThan(2);
      }
      expect(await asideIn(it)).toEqual([]);
      expect(await storedRows(it.history)).toEqual(sourceRows(rows));
      const states = Object.values(await coverageOf(it.history, ORDERS));
      const unsettled = states.filter((state) => state === "disputed" || state === "unverified");
      // Of a pipeline without any row nothing was ever seen.
      expect(rows.length === 0 ? [] : unsettled).toEqual([]);
    }),
    { numRuns: RUNS, endOnFailure: true },
  );
});

/** The database refuses rows of the times in a table. */
async function refuseByTable({ history }: World): Promise<void> {
  await history.pool.query(`
    create table runledger.refused (from_at timestamptz, to_at timestamptz);
    create function runledger.refuse() returns trigger language plpgsql as $$
    begin
      if exists (select from runledger.refused where new.executed_at between from_at and to_at) then
        raise exception 'no room for this value' using errcode = '22003';
      end if;
      return new;
    end $$;
    create trigger refuse before insert on runledger.task_runs for each row execute function runledger.refuse();`);
}

/** Null when the process was ended. */
async function spend(
  it: World,
  morning: Date,
  { faults, endsAt, failures }: Night,
): Promise<ExitCode | null> {
  await it.history.pool.query("delete from runledger.refused");
  for (const { kind, second, seconds } of faults) {
    if (kind === "refused by the database") {
      await it.history.pool.query("insert into runledger.refused values ($1, $2)", [
        at(second),
        at(second + seconds),
      ]);
    }
  }
  const clock = longNight();
  let answers = 0;
  const end = new AbortController();
  const onRequest: YlemClientOptions["onRequest"] = ({ path }) => {
    answers += Number(path.includes("/logs/"));
    if (answers === endsAt) end.abort();
  };
  const brokenFetch: typeof fetch = async (...request) => {
    let send = fetch;
    for (const { kind, second, seconds } of faults) {
      if (kind === "refused by the database") continue;
      const answer = kind === "never ends" ? clock.neverEnding : ANSWERS[kind];
      const touches = (from: Date, to: Date) => from <= at(second + seconds) && at(second) <= to;
      const next = send;
      send = breaking(touches, answer, next);
    }
    return send(...request);
  };
  const ylemOptions = { ...clock.ylemOptions, maxBodyBytes: LIMIT, fetch: brokenFetch, onRequest };
  const { elapsedMs } = clock;
  const patience = { failures, ms: 600_000 };
  const context = it.at(morning, { ylemOptions, elapsedMs, patience, signal: end.signal });
  try {
    const code = await sync(context, {});
    expect(elapsedMs()).toBeLessThan(12 * 60_000);
    return code;
  } catch (error) {
    if (end.signal.aborted) return null;
    throw error;
  }
}

/** Before everything when nothing was pulled. */
async function syncedThrough({ history }: World): Promise<Date> {
  const { rows } = await history.pool.query<{ through: Date | null }>(
    "select synced_through as through from runledger.pipelines where pipeline_uuid = $1",
    [ORDERS],
  );
  return rows[0]?.through ?? at(-1);
}

async function expectNothingUnknown(
  it: World,
  rows: readonly TaskRunRow[],
  morning: Date,
  code: ExitCode | null,
): Promise<void> {
  const stored = await storedRows(it.history);
  const known = new Set(sourceRows(rows));
  expect(stored.filter((row) => !known.has(row))).toEqual([]);
  const through = await syncedThrough(it);
  const aside = await asideIn(it);
  const isStored = new Set(stored);
  const missing = rows.filter((row) => !isStored.has(sourceRows([row])[0] ?? ""));
  for (const { executedAtMicros } of missing) {
    const executedAt = new Date(Number((executedAtMicros ?? 0n) / 1000n));
    const isSetAside = aside.some(({ from, to }) => from <= executedAt && executedAt <= to);
    expect(isSetAside || executedAt > through, `${executedAt.toISOString()} is missing`).toBe(true);
  }
  const coverage = await coverageOf(it.history, ORDERS);
  const unsaid = aside.filter(({ from }) => coverage[from.toISOString().slice(0, 10)] !== "disputed");
  expect(code === null ? [] : unsaid).toEqual([]);
  const due = aside.length > 0 || through < morning ? exitCode.partial : exitCode.done;
  expect(code ?? due).toBe(due);
}
