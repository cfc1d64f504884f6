import { parseConfig, type Agreement } from "@runledger/config";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Micros,
  type Run,
  type Week,
  type WeeklyReport,
  closesAt,
  isoOf,
  makeReport,
  microsOf,
  runsNeeded,
  weekOf,
} from "@runledger/sla";
import { composeReport } from "../src/files/print-report.ts";
import { failedRun, orders, run, scoreAgreement } from "@runledger/sla/testing/sla-fixture";

const hourMicros = 3_600_000_000;

describe("a closed week", () => {
  it("has the same figures, runs, days, gaps and incidents whenever it is reported", async () => {
    await fc.assert(
      fc.asyncProperty(drawn, async (history) => {
        const [first, ...later] = (await reportsOf(history)).map(({ report: { runs, ...figures } }) => ({
          ...figures,
          runs: Array.from(runs),
        }));
        for (const each of later) expect(each).toEqual(first);
      }),
      { numRuns: 150 },
    );
  });

  it("prints as the same mail and workbook, byte for byte", async () => {
    await fc.assert(
      fc.asyncProperty(drawn, async (history) => {
        const [first, ...later] = await Promise.all((await reportsOf(history)).map(printed));
        for (const each of later) expect(each).toEqual(first);
      }),
      { numRuns: 6 },
    );
  });
});

/** The week as reported at its closing and twice later. */
async function reportsOf(history: Drawn) {
  const { zone, weekId, effectiveDaysAgo, historyDaysAgo, runs, laterBy } = history;
  const week = weekOf(weekId, zone);
  const daysBefore = (days: number) => new Date(week.end.getTime() - days * 86_400_000);
  const text = JSON.stringify(
    configOf(zone, dayOf(daysBefore(effectiveDaysAgo)), dayOf(daysBefore(historyDaysAgo))),
  );
  const { agreements } = await parseConfig(text, "config.json", noFile);
  const [agreement] = agreements;
  if (agreement === undefined) throw new Error("there is one agreement");
  const all = runs.map((each) => runAt(microsOf(week.end) + each.micros, each));
  const first = closesAt(week, agreement.report.settleMs);
  return [0, ...laterBy]
    .map((hours) => new Date(first.getTime() + hours * 3_600_000))
    .map((asOf) => ({ agreement, report: reportAt(asOf, all, agreement, week, daysBefore(historyDaysAgo)) }));
}

async function printed({ report, agreement }: { report: WeeklyReport; agreement: Agreement }) {
  const { workbook, mail, eml } = await composeReport(report, agreement, { from: "sla@acme.example" });
  return [mail.text, mail.page, workbook.toString("base64"), eml.toString("base64")];
}

/** The week as it reads at an instant, with all that has run and is synced by then; it says that it is of another one. */
function reportAt(
  asOf: Date,
  all: readonly Run[],
  agreement: Agreement,
  week: Week,
  historyStart: Date,
): WeeklyReport {
  const coverage = {
    historyStart: new Date(`${dayOf(historyStart)}T00:00:00Z`),
    syncedThrough: new Map([[orders.uuid, asOf]]),
    disputedDays: new Map(),
  };
  const input = { agreement, week, asOf, coverage, taskNames: new Map<string, string>() };
  const { from } = runsNeeded(input);
  const score = scoreAgreement({
    ...input,
    latestSuccessBefore: new Map([[orders.uuid, latestSuccess(all, microsOf(from))]]),
    runsOf: new Map([
      [
        orders.uuid,
        all.filter(({ finishedAt }) => finishedAt >= microsOf(from) && finishedAt <= microsOf(asOf)),
      ],
    ]),
  });
  const report = makeReport({
    agreement,
    definitionHash: "0".repeat(64),
    week,
    asOf,
    coverage,
    quarantinedRows: new Map(),
    score,
    softwareVersion: "1.2.3",
    timeZoneDatabase: "2026a",
  });
  return { ...report, revision: 1, asOf: week.end, dataThrough: week.end };
}

function latestSuccess(all: readonly Run[], before: Micros): Micros | null {
  const finishes = all.filter((each) => each.isSuccessful && each.finishedAt < before);
  return finishes.length === 0 ? null : Math.max(...finishes.map(({ finishedAt }) => finishedAt));
}

function configOf(zone: string, effectiveFrom: string, historyStart: string) {
  const objective = (id: string, measure: object) => ({ id, pipeline: "orders", target: "90%", ...measure });
  return {
    version: 1,
    history_start: historyStart,
    pipelines: [{ uuid: orders.uuid, name: "orders" }],
    agreements: [
      {
        agreement: "finance",
        title: "Finance close",
        timezone: zone,
        effective_from: effectiveFrom,
        exclusions: [{ every: "sun 02:00", for: "5h", reason: "Maintenance" }],
        objectives: [
          objective("succeeds", { success: {} }),
          objective("fast", { duration: { at_most: "10m", failed: "exclude" } }),
          objective("by-six", { deadline: { by: "06:00", opens: "22:00", on: "daily" } }),
          objective("by-midnight", { deadline: { by: "23:50", opens: "01:00", grace: "30m", on: "daily" } }),
          objective("fresh", { freshness: { max_age: "5h" } }),
          objective("enough", { volume: { per: "day", at_least: 2, on: "daily" } }),
        ],
        report: { to: ["a@acme.example"], settle: "1h" },
      },
    ],
  };
}

/** Often within hours of the end of the week, before and after it, and on its very instants. */
const finishes = fc.oneof(
  fc.integer({ min: -12, max: 60 }).chain((hours) => beside.map((micros) => hours * hourMicros + micros)),
  fc.integer({ min: -8 * 24, max: 10 }).chain((hours) => beside.map((micros) => hours * hourMicros + micros)),
  fc.integer({ min: -30 * 24, max: 0 }).map((hours) => hours * hourMicros),
);

const beside = fc.constantFrom(0, 0, 1, -1, 1_200_000_000, 600_000_400);

const drawn = fc.record({
  zone: fc.constantFrom("Europe/Berlin", "UTC", "America/Havana"),
  weekId: fc.constantFrom("2026-W12", "2026-W13", "2026-W43"),
  effectiveDaysAgo: fc.constantFrom(60, 14, 7, 4),
  historyDaysAgo: fc.constantFrom(120, 20, 7, 3),
  runs: fc.array(
    fc.record({
      micros: finishes,
      isSuccessful: fc.boolean(),
      elapsedMs: fc.constantFrom(600_000, 600_000.001),
      runUuid: fc.uuid(),
    }),
    { maxLength: 40 },
  ),
  laterBy: fc.tuple(fc.integer({ min: 1, max: 24 }), fc.constantFrom(48, 24 * 40)),
});

type Drawn = typeof drawn extends fc.Arbitrary<infer Value> ? Value : never;

function runAt(finishedAt: Micros, of: Pick<Run, "isSuccessful" | "elapsedMs" | "runUuid">): Run {
  const { isSuccessful, elapsedMs, runUuid } = of;
  return (isSuccessful ? run : failedRun)(isoOf(finishedAt), { elapsedMs, runUuid });
}

function dayOf(instant: Date): string {
  return instant.toISOString().slice(0, 10);
}

async function noFile(): Promise<string> {
  throw new Error("no agreement has a calendar file");
}
