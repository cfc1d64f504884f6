import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SourceHistory, type LastRun, type Period, type SubjectKind, type TaskRunRow } from "../src/index.ts";
import { at, historyOf, LATER, OTHER_TASK, PIPELINE, row, second } from "./rows.ts";

const DAY = 86_400;

describe("pipeline figures", () => {
  test("count a run with two failed tasks as −1 success and 2 failures", () => {
    const history = historyOf(
      row({ isSuccessful: false }),
      row({ isSuccessful: false, taskUuid: OTHER_TASK }),
    );

    expect(statsOf(history, "pipeline", PIPELINE)).toMatchObject({ successes: -1, failures: 2 });
  });

  test("truncate the mean over runs of the summed durations", () => {
    const history = historyOf(
      row({ durationMs: 100 }),
      row({ durationMs: 50, taskUuid: OTHER_TASK }),
      row({ runUuid: "run-2", durationMs: 51 }),
    );

    expect(statsOf(history, "pipeline", PIPELINE).averageDurationMs).toBe(100);
  });
});

test("the last run may lie before the window, and is summed up to its end", () => {
  const history = historyOf(
    row({ durationMs: 10, executedAtMicros: at("2026-03-10 10:00:00") }),
    row({ durationMs: 20, executedAtMicros: at("2026-03-10 10:01:00"), isSuccessful: false }),
    row({ durationMs: 40, executedAtMicros: at("2026-03-10 12:00:00") }),
  );
  const stats = history.stats(
    "pipeline",
    PIPELINE,
    second("2026-03-10 10:30:00"),
    second("2026-03-10 11:00:00"),
    LATER,
  );

  expect(stats).toEqual({
    successes: 0,
    failures: 0,
    averageDurationMs: 0,
    lastRun: { isSuccessful: false, executedAtMicros: at("2026-03-10 10:01:00"), durationMs: 30 },
  });
});

test("what never ran has no last run", () => {
  expect(new SourceHistory().lastRun("task", OTHER_TASK, LATER)).toBeNull();
});

describe("aggregated statistics", () => {
  test("lose the fraction after the last full second of the range", () => {
    const history = historyOf(
      row({ runUuid: "kept", executedAtMicros: at("2026-03-10 23:59:59") }),
      row({ runUuid: "lost", executedAtMicros: at("2026-03-10 23:59:59.000001") }),
    );
    const [day] = history.aggregatedStats(
      "pipeline",
      PIPELINE,
      second("2026-03-10 00:00:00"),
      "day",
      1,
      LATER,
    );

    expect(day).toMatchObject({ successes: 1 });
  });

  test("begin with the calendar period that holds the start", () => {
    const history = historyOf(row({ executedAtMicros: at("2026-03-12 12:00:00") }));
    const from = second("2026-03-11 00:00:00");

    expect(history.aggregatedStats("pipeline", PIPELINE, from, "week", 1, LATER)).toMatchObject([
      { fromSec: second("2026-03-09 00:00:00"), toSec: second("2026-03-15 23:59:59") },
    ]);
  });

  test("start at midnight of the given day whatever the time", () => {
    const history = historyOf(row({ executedAtMicros: at("2026-03-10 08:00:00") }));
    const from = second("2026-03-10 15:00:00");

    expect(history.aggregatedStats("pipeline", PIPELINE, from, "day", 1, LATER)).toHaveLength(1);
  });
});

describe("agree with a brute force over random histories", () => {
  const kind = fc.constantFrom<SubjectKind>("pipeline", "task");
  const asOf = fc.integer({ min: -10, max: 60 }).map((days) => new Date((EPOCH + days * DAY) * 1000));

  test("of a window", () => {
    const sometime = fc.integer({ min: EPOCH - DAY, max: EPOCH + 50 * DAY });
    fc.assert(
      fc.property(rows(), kind, sometime, sometime, asOf, (all, subject, from, to, now) => {
        const seen = visible(all, subject, now);
        const stats = historyOf(...all).stats(subject, uuidOf(subject), from, to, now);
        expect(stats).toMatchObject(bruteFigures(subject, between(seen, from, to)));
      }),
    );
  });

  test("of the last run", () => {
    fc.assert(
      fc.property(rows(), kind, asOf, (all, subject, now) => {
        const seen = visible(all, subject, now);
        const lastRun = historyOf(...all).lastRun(subject, uuidOf(subject), now);
        expect(bruteLastRuns(subject, seen)).toContainEqual(lastRun);
      }),
    );
  });

  test("of calendar periods", () => {
    const period = fc.constantFrom<Period>("day", "week", "month", "quarter", "year");
    const date = fc.integer({ min: -3, max: 40 }).map((days) => EPOCH + days * DAY);
    fc.assert(
      fc.property(
        rows(),
        kind,
        date,
        period,
        fc.integer({ min: 0, max: 4 }),
        asOf,
        (all, subject, from, of, count, now) => {
          const found = historyOf(...all).aggregatedStats(subject, uuidOf(subject), from, of, count, now);
          const seen = between(visible(all, subject, now), from, plus(from, of, count) - 1);
          expect(new Map(found.map((each) => [each.fromSec, each]))).toEqual(brutePeriods(subject, seen, of));
        },
      ),
    );
  });
});

/** The random histories lie in the seven weeks after it, over the end of a quarter. */
const EPOCH = second("2026-03-02 00:00:00");
const NEVER = -62_135_596_800_000_000n;

function rows(): fc.Arbitrary<TaskRunRow[]> {
  const executedAt = fc.oneof(
    fc.bigInt({ min: 0n, max: 49n * 86_400_000_000n }).map((offset) => BigInt(EPOCH) * 1_000_000n + offset),
    // on and just after the last second of a day
    fc
      .tuple(fc.integer({ min: 0, max: 48 }), fc.constantFrom(0n, 1n, 500_000n))
      .map(([day, fraction]) => BigInt(EPOCH + day * DAY - 1) * 1_000_000n + fraction),
  );
  return fc.array(
    fc
      .record({
        runUuid: fc.constantFrom("a", "b", "c", "d"),
        taskUuid: fc.constantFrom(TASKS[0], TASKS[1]),
        isSuccessful: fc.boolean(),
        durationMs: fc.nat(5000),
        executedAtMicros: fc.option(executedAt, { freq: 12 }),
        delay: fc.bigInt({ min: 0n, max: 3n * 86_400_000_000n }),
      })
      .map(({ delay, ...about }) =>
        row({ ...about, visibleAtMicros: (about.executedAtMicros ?? BigInt(EPOCH) * 1_000_000n) + delay }),
      ),
    { maxLength: 30 },
  );
}

const TASKS = [row().taskUuid, OTHER_TASK] as const;

function uuidOf(kind: SubjectKind): string {
  return kind === "pipeline" ? PIPELINE : OTHER_TASK;
}

function visible(all: readonly TaskRunRow[], kind: SubjectKind, asOf: Date): TaskRunRow[] {
  return all.filter(
    (each) =>
      each.visibleAtMicros <= BigInt(asOf.getTime()) * 1000n &&
      (kind === "pipeline" || each.taskUuid === OTHER_TASK),
  );
}

function between(all: readonly TaskRunRow[], from: number, to: number): TaskRunRow[] {
  return all.filter(
    (each) => timeOf(each) >= BigInt(from) * 1_000_000n && timeOf(each) <= BigInt(to) * 1_000_000n,
  );
}

function bruteFigures(kind: SubjectKind, all: readonly TaskRunRow[]) {
  let failures = 0;
  const durationOf: Record<string, number> = {};
  for (const [position, each] of all.entries()) {
    failures += each.isSuccessful ? 0 : 1;
    const unit = kind === "pipeline" ? each.runUuid : String(position);
    durationOf[unit] = (durationOf[unit] ?? 0) + each.durationMs;
  }
  const durations = Object.values(durationOf);
  return {
    successes: durations.length - failures,
    failures,
    averageDurationMs: durations.length === 0 ? 0 : Math.floor(sum(all) / durations.length),
  };
}

/** Every answer that is right: where several rows are newest, it may be any of them. */
function bruteLastRuns(kind: SubjectKind, seen: readonly TaskRunRow[]): (LastRun | null)[] {
  const newest = seen.filter((each) => seen.every((other) => timeOf(other) <= timeOf(each)));
  const lastRuns = newest.map((each) => ({
    isSuccessful: each.isSuccessful,
    executedAtMicros: timeOf(each),
    durationMs:
      kind === "task" ? each.durationMs : sum(seen.filter(({ runUuid }) => runUuid === each.runUuid)),
  }));
  return lastRuns.length === 0 ? [null] : lastRuns;
}

function brutePeriods(kind: SubjectKind, seen: readonly TaskRunRow[], period: Period) {
  const startOf = (each: TaskRunRow) => {
    const unit = kind === "pipeline" ? seen.filter(({ runUuid }) => runUuid === each.runUuid) : [each];
    const latest = unit.map(timeOf).reduce((one, other) => (one > other ? one : other));
    return bruteStart(period, new Date(Number(latest / 1000n)).toISOString().slice(0, 10));
  };
  return new Map(
    seen.map((each) => {
      const fromSec = startOf(each);
      return [
        fromSec,
        Object.assign(
          { fromSec, toSec: plus(fromSec, period, 1) - 1 },
          bruteFigures(
            kind,
            seen.filter((other) => startOf(other) === fromSec),
          ),
        ),
      ];
    }),
  );
}

function bruteStart(period: Period, day: string): number {
  const isStart = {
    day: () => true,
    week: (date: Date) => date.getUTCDay() === 1,
    month: (date: Date) => date.getUTCDate() === 1,
    quarter: (date: Date) => date.getUTCDate() === 1 && [0, 3, 6, 9].includes(date.getUTCMonth()),
    year: (date: Date) => date.getUTCDate() === 1 && date.getUTCMonth() === 0,
  }[period];
  let start = second(`${day} 00:00:00`);
  while (!isStart(new Date(start * 1000))) {
    start -= DAY;
  }
  return start;
}

function plus(from: number, period: Period, count: number): number {
  const days = { day: 1, week: 7 } as const;
  const months = { month: 1, quarter: 3, year: 12 } as const;
  if (period === "day" || period === "week") {
    return from + days[period] * count * DAY;
  }
  const date = new Date(from * 1000);
  const month = date.getUTCMonth() + months[period] * count;
  const lastDay = new Date(Date.UTC(date.getUTCFullYear(), month + 1, 0)).getUTCDate();
  return Date.UTC(date.getUTCFullYear(), month, Math.min(date.getUTCDate(), lastDay)) / 1000;
}

function timeOf(each: TaskRunRow): bigint {
  return each.executedAtMicros ?? NEVER;
}

function sum(all: readonly TaskRunRow[]): number {
  return all.reduce((total, each) => total + each.durationMs, 0);
}

function statsOf(history: SourceHistory, kind: SubjectKind, uuid: string) {
  return history.stats(kind, uuid, second("2026-03-01 00:00:00"), second("2026-04-01 00:00:00"), LATER);
}
