import { createDecipheriv } from "node:crypto";
import { DateTime } from "luxon";
import { describe, expect, test } from "vitest";
import { DEMO_OUTPUT_KEY, demoHistory, type DemoHistory, type TaskRunRow } from "../src/index.ts";

const FROM = new Date("2026-03-02T00:00:00Z");
const WEEK_END = DateTime.fromISO("2026-06-01T00:00:00Z", { zone: "utc" });
const UNTIL = WEEK_END.plus({ days: 2 }).toJSDate();

const demo = demoHistory({ seed: 1, from: FROM, until: UNTIL });

const FOUR_WEEKS = { from: FROM, until: new Date("2026-03-30T00:00:00Z") };

test("the same seed gives the same bytes", () => {
  const once = rowsOfAll(demoHistory({ seed: 1, ...FOUR_WEEKS }));
  const again = rowsOfAll(demoHistory({ seed: 1, ...FOUR_WEEKS }));

  expect(textOf(again)).toBe(textOf(once));
});

test("another seed gives another history of the same pipelines", () => {
  const one = demoHistory({ seed: 1, ...FOUR_WEEKS });
  const other = demoHistory({ seed: 2, ...FOUR_WEEKS });

  expect(other.pipelines).toEqual(one.pipelines);
  expect(textOf(rowsOfAll(other))).not.toBe(textOf(rowsOfAll(one)));
});

test("a longer history keeps every run of a shorter one and adds only later ones", () => {
  const cut = new Date("2026-03-18T13:37:00Z");
  const shorter = demoHistory({ seed: 1, from: FROM, until: cut });
  for (const { uuid } of demo.pipelines) {
    const kept = new Set(shorter.history.rows(uuid).map((row) => row.runUuid));
    const old = demo.history.rows(uuid).filter((row) => kept.has(row.runUuid));
    const added = demo.history.rows(uuid).filter((row) => !kept.has(row.runUuid));

    expect(textOf(old)).toBe(textOf(shorter.history.rows(uuid)));
    expect(added.every((row) => endOf(row) >= cut.getTime())).toBe(true);
  }
});

test("a dozen pipelines of modest size have all their tasks run", () => {
  const rows = demo.pipelines.map(({ uuid }) => demo.history.rows(uuid).length);

  expect(demo.pipelines).toHaveLength(12);
  expect(rows.reduce((sum, count) => sum + count)).toBeLessThan(50_000);
  for (const { uuid, tasks } of demo.pipelines) {
    expect(
      demo.history
        .tasks(uuid)
        .map((task) => task.taskUuid)
        .toSorted(),
    ).toEqual(Object.keys(tasks).toSorted());
  }
});

test("no task runs after one that failed", () => {
  for (const rows of runsOf("crm-sync")) {
    expect(rows.findIndex((row) => !row.isSuccessful)).toBeOneOf([-1, rows.length - 1]);
  }
});

test("a failed task tells why, in an array of code, severity and message", () => {
  const failed = rowsOf("crm-sync").filter((row) => !row.isSuccessful);
  const messages = failed.map((row): unknown => JSON.parse(Buffer.from(row.output, "base64").toString()));

  expect(messages.length).toBeGreaterThan(20);
  for (const message of messages) {
    expect(message).toEqual([
      { code: expect.any(Number), severity: expect.any(String), message: expect.any(String) },
    ]);
  }
});

describe("the stories", () => {
  test("finance-daily-close mostly ends by 06:00 in Berlin, but not always", () => {
    const ends = runsOf("finance-daily-close").flatMap((rows) => {
      const last = rows.at(-1);
      return last?.isSuccessful === true ? [DateTime.fromMillis(endOf(last), { zone: "Europe/Berlin" })] : [];
    });
    const late = ends.filter((end) => end.hour >= 6).length;

    expect(late).toBeGreaterThan(0);
    expect(late).toBeLessThan(ends.length / 8);
  });

  test("payments-settlement fails for hours in the last closed week and in one four weeks before", () => {
    const failed = rowsOf("payments-settlement").filter((row) => !row.isSuccessful);
    const perWeek = Object.groupBy(failed, (row) => Math.floor(weeksBeforeEnd(row)));

    expect(perWeek[0]?.length).toBeGreaterThanOrEqual(5);
    expect(perWeek[4]?.length).toBeGreaterThanOrEqual(5);
  });

  test("inventory-snapshot gets slower until it takes more than 45 minutes", () => {
    const minutes = runsOf("inventory-snapshot").map(elapsedMinutes);

    expect(median(minutes.slice(0, 28))).toBeLessThan(32);
    expect(median(minutes.slice(-28))).toBeGreaterThan(45);
  });

  test("legacy-export stops ten days before the week's end", () => {
    const last = rowsOf("legacy-export").at(-1);

    expect(last && Math.floor(weeksBeforeEnd(last) * 7)).toBe(10);
  });

  test("us-sales-rollup starts at 18:00 in New York on business days", () => {
    for (const [first] of runsOf("us-sales-rollup")) {
      const start = DateTime.fromMillis(first === undefined ? 0 : endOf(first) - first.durationMs).setZone(
        "America/New_York",
      );
      expect([start.weekday <= 5, start.hour]).toEqual([true, 18]);
    }
  });

  test("partner-feeds has several rows of one task at one time", () => {
    const loops = runsOf("partner-feeds").map((rows) => rows.filter((row) => row.taskType === "for_each"));

    expect(loops.some((rows) => rows.length > 2)).toBe(true);
    for (const rows of loops) {
      expect(
        new Set(rows.map((row) => `${row.taskUuid} ${row.executedAtMicros} ${row.durationMs}`)).size,
      ).toBeLessThan(2);
    }
  });

  test("clickstream-hourly arrives hours late now and then", () => {
    const delays = rowsOf("clickstream-hourly").map(
      (row) => Number(row.visibleAtMicros / 1000n) - endOf(row),
    );

    expect(Math.max(...delays)).toBeGreaterThan(3_600_000);
    expect(median(delays)).toBeLessThan(5000);
    expect(Math.min(...delays)).toBeGreaterThan(0);
  });

  test("customer-churn-scores can be read with the demo's key", () => {
    for (const row of rowsOf("customer-churn-scores")) {
      expect(JSON.parse(open(row.output))).toBeTypeOf("object");
    }
  });
});

function rowsOfAll({ history, pipelines }: DemoHistory) {
  return pipelines.map(({ uuid }) => history.rows(uuid));
}

function rowsOf(name: string): readonly TaskRunRow[] {
  return demo.history.rows(demo.pipelines.find((pipeline) => pipeline.name === name)?.uuid ?? "");
}

function runsOf(name: string): TaskRunRow[][] {
  return [...Map.groupBy(rowsOf(name), (row) => row.runUuid).values()];
}

function endOf(row: TaskRunRow): number {
  return Number((row.executedAtMicros ?? 0n) / 1000n);
}

function elapsedMinutes(rows: readonly TaskRunRow[]): number {
  const starts = rows.map((row) => endOf(row) - row.durationMs);
  return (Math.max(...rows.map(endOf)) - Math.min(...starts)) / 60_000;
}

function weeksBeforeEnd(row: TaskRunRow): number {
  return (WEEK_END.toMillis() - endOf(row)) / (7 * 86_400_000);
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;
}

function open(output: string): string {
  const sealed = Buffer.from(output, "base64");
  const decipher = createDecipheriv(
    "aes-256-gcm",
    Buffer.from(DEMO_OUTPUT_KEY, "hex"),
    sealed.subarray(0, 12),
  );
  decipher.setAuthTag(sealed.subarray(-16));
  return `${decipher.update(sealed.subarray(12, -16)).toString()}${decipher.final().toString()}`;
}

function textOf(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) => (typeof each === "bigint" ? `${each}` : each));
}
