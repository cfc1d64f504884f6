import type { Exclusion, Objective } from "@runledger/config";
import fc from "fast-check";
import { expect, it } from "vitest";
import { instantOf } from "../src/local-time.ts";
import type { Share } from "../src/report-model.ts";
import type { Run } from "../src/sla/run.ts";
import { scoreAgreement } from "../src/sla/score.ts";
import { trendWeeks, type ScoringInput } from "../src/sla/scoring-input.ts";
import { weekHolding, weekOf } from "../src/week.ts";
import { failedRun, objective, orders, run } from "./sla-fixture.ts";
import {
  countsOf,
  halfHoursByWeek,
  incidentsOf,
  isExcluded,
  isInForce,
  isWhole,
  isoWeekAt,
  whenClocksShow,
} from "./sla-second-way.ts";

const dayMs = 86_400_000;

it("finds local times as walking along the clocks does", () => {
  fc.assert(
    fc.property(zones, minutes, (timezone, minute) => {
      const local = new Date(minute).toISOString().slice(0, 16);
      expect(instantOf(local, timezone).getTime()).toBe(whenClocksShow(local, timezone));
    }),
    { numRuns: 500 },
  );
});

it("finds weeks as local dates do", () => {
  fc.assert(
    fc.property(zones, minutes, (timezone, minute) => {
      expect(weekHolding(new Date(minute), timezone).id).toBe(isoWeekAt(minute, timezone));
    }),
    { numRuns: 500 },
  );
});

it("scores as looping over all runs does", () => {
  fc.assert(
    fc.property(inputs, (input) => {
      const scored = scoreAgreement(input);
      const { agreement, week } = input;
      const [only] = agreement.objectives;
      const [result] = scored.objectives;
      if (only === undefined || result === undefined) throw new Error("there is one objective");

      const halfHours = halfHoursByWeek(input);
      const expected = trendWeeks(week).map(({ id }) => {
        const share = countsOf(id, only, input, true);
        const inForce = isInForce(halfHours.get(id) ?? [], input);
        const whole = inForce && isWhole(halfHours.get(id) ?? [], only, input);
        return { week: id, share, whole, verdict: inForce ? verdictOf(share, whole, only) : "not_in_force" };
      });

      expect(scored.trend).toEqual(
        expected.map(({ week: id, share, verdict }) => ({ week: id, objective: only.id, share, verdict })),
      );
      expect(result.share).toEqual(countsOf(week.id, only, input, true));
      expect(result.raw).toEqual(countsOf(week.id, only, input, false));
      expect(result.excluded).toBe(result.raw.total - result.share.total);
      expect(result.fourWeeks).toEqual(sumOf(expected.slice(-4).filter(({ whole }) => whole)));
      expect(result.previous).toEqual(
        expected.slice(-2, -1).map(({ share, verdict }) => (isGraded(verdict) ? share : null))[0],
      );
      expect(scored.incidents).toMatchObject(
        incidentsOf(only, input).filter(
          ({ openedAt, closedAt }) => openedAt < week.end && (closedAt === null || closedAt > week.start),
        ),
      );
      expect(scored.runs.map(({ isCounted }) => isCounted)).toEqual(
        scored.runs.map(
          ({ finishedAt }) => !isExcluded(finishedAt.getTime(), agreement.exclusions, agreement.timezone),
        ),
      );
    }),
    { numRuns: 60 },
  );
});

function verdictOf({ good, total }: Share, whole: boolean, { target, minRuns }: Objective): string {
  if (!whole || total === 0 || total < minRuns) return "insufficient_data";
  // Targets are whole per cents and runs are few: both products are exact.
  if (good * target.denominator < total * target.numerator) return "missed";
  const budget = total * (target.denominator - target.numerator);
  const left = budget - (total - good) * target.denominator;
  return budget > 0 && left * 4 < budget ? "at_risk" : "met";
}

function isGraded(verdict: string): boolean {
  return ["met", "at_risk", "missed"].includes(verdict);
}

function sumOf(weeks: readonly { share: Share }[]): Share {
  let good = 0;
  let total = 0;
  for (const { share } of weeks) {
    good += share.good;
    total += share.total;
  }
  return { good, total };
}

const zones = fc.constantFrom(
  "Europe/Berlin",
  "America/New_York",
  "Asia/Kolkata",
  "Australia/Lord_Howe",
  "America/Havana",
  "Asia/Beirut",
  "Pacific/Apia",
);

/** Quarters of an hour of 2026 and, for Apia's skipped day, the turn of 2012; often about a change of clocks. */
const minutes = fc.oneof(
  ...["2026-03-08", "2026-03-29", "2026-04-05", "2026-10-04", "2026-10-25", "2026-11-01", "2011-12-30"].map(
    (day) => fc.integer({ min: -200, max: 200 }).map((quarters) => Date.parse(day) + quarters * 900_000),
  ),
  fc.nat(365 * 96).map((quarters) => Date.parse("2026-01-01") + quarters * 900_000),
);

const objectives: fc.Arbitrary<Objective> = fc
  .record({
    kind: fc.constantFrom(
      { kind: "success" } as const,
      { kind: "duration", atMostMs: 600_000, failed: "count" } as const,
      { kind: "duration", atMostMs: 600_000, failed: "exclude" } as const,
    ),
    percent: fc.constantFrom(30, 50, 60, 90, 100),
    minRuns: fc.integer({ min: 1, max: 4 }),
  })
  .map(({ kind, percent, minRuns }) =>
    objective(kind, { minRuns, target: { numerator: percent, denominator: 100 } }),
  );

const inputs: fc.Arbitrary<ScoringInput> = fc
  .record({
    timezone: zones,
    weekId: fc.constantFrom(
      "2026-W10",
      "2026-W13",
      "2026-W14",
      "2026-W40",
      "2026-W43",
      "2026-W44",
      "2026-W53",
    ),
    only: objectives,
  })
  .chain(({ timezone, weekId, only }) => {
    const week = weekOf(weekId, timezone);
    const daysAgo = (days: number) => new Date(week.end.getTime() - days * dayMs);
    return fc
      .record({
        asOf: fc.constantFrom(daysAgo(-5), daysAgo(0), daysAgo(3)),
        historyStart: fc.constantFrom(daysAgo(400), daysAgo(20), week.start),
        syncLag: fc.constantFrom(0, 1_800_000, 4 * dayMs),
        disputedDays: fc.uniqueArray(fc.nat(30), { maxLength: 2 }),
        effectiveDaysAgo: fc.constantFrom(200, 25, 9, 7, 6),
        exclusions: fc.array(exclusionsAbout(week.end.getTime()), { maxLength: 3 }),
        runs: fc.array(runsAbout(week.start.getTime(), week.end.getTime()), { maxLength: 40 }),
      })
      .map(({ asOf, historyStart, syncLag, disputedDays, effectiveDaysAgo, exclusions, runs }) => ({
        agreement: {
          timezone,
          effectiveFrom: daysAgo(effectiveDaysAgo).toISOString().slice(0, 10),
          exclusions,
          objectives: [only],
        },
        week,
        asOf,
        runsOf: new Map([
          [orders.uuid, runs.filter(({ finishedAt }) => finishedAt <= asOf && finishedAt >= daysAgo(91))],
        ]),
        coverage: {
          historyStart,
          syncedThrough: new Map([[orders.uuid, new Date(asOf.getTime() - syncLag)]]),
          disputedDays: new Map([
            [orders.uuid, disputedDays.map((days) => daysAgo(days).toISOString().slice(0, 10))],
          ]),
        },
        taskNames: new Map(),
      }));
  });

/** Mostly runs of the week and the four before, some on the instants that bound the week. */
function runsAbout(weekStart: number, weekEnd: number): fc.Arbitrary<Run> {
  const within = (days: number) =>
    fc
      .nat(days * 96)
      .chain((quarters) => fc.constantFrom(0, 1, -1).map((ms) => weekEnd - quarters * 900_000 + ms));
  return fc
    .record({
      finish: fc.oneof(
        within(7),
        within(35),
        fc.constantFrom(weekStart, weekStart - 1, weekEnd, weekEnd - 1, weekEnd + dayMs),
      ),
      isSuccessful: fc.boolean(),
      elapsedMs: fc.constantFrom(1, 600_000, 600_001),
      runUuid: fc.uuid(),
    })
    .map(({ finish, isSuccessful, elapsedMs, runUuid }) => {
      const at = new Date(finish).toISOString();
      return isSuccessful
        ? run(at, { elapsedMs, runUuid })
        : failedRun(at, { elapsedMs, runUuid, errorMessage: runUuid });
    });
}

function exclusionsAbout(weekEnd: number): fc.Arbitrary<Exclusion> {
  const reason = "Maintenance";
  const recurring = fc
    .record({
      weekdays: fc.subarray([1, 2, 3, 4, 5, 6, 7] as const, { minLength: 1 }),
      quarter: fc.nat(95),
      quarters: fc.constantFrom(1, 8, 40, 200),
    })
    .map(({ weekdays, quarter, quarters }) => ({
      kind: "recurring" as const,
      weekdays,
      at: new Date(quarter * 900_000).toISOString().slice(11, 16),
      forMs: quarters * 900_000,
      reason,
      approvedBy: null,
    }));
  const once = fc
    .record({ quartersAgo: fc.nat(20 * 96), quarters: fc.integer({ min: 1, max: 500 }) })
    .map(({ quartersAgo, quarters }) => {
      const from = weekEnd - quartersAgo * 900_000;
      return {
        kind: "once" as const,
        from: new Date(from).toISOString().slice(0, 16),
        to: new Date(from + quarters * 900_000).toISOString().slice(0, 16),
        reason,
        approvedBy: null,
      };
    });
  return fc.oneof(recurring, once);
}
