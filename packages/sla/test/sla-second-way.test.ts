import {
  holidayCalendar,
  type DaySelection,
  type Exclusion,
  type Objective,
  type ObjectiveMeasure,
} from "@runledger/config";
import fc from "fast-check";
import { expect, it } from "vitest";
import { instantOf } from "../src/calendar/local-time.ts";
import type { Share } from "../src/report/weekly-report.ts";
import { isoOf, microsOf } from "../src/calendar/micros.ts";
import type { Run } from "../src/runs/run.ts";
import { trendWeeks } from "../src/scope/scoring-input.ts";
import { weekHolding, weekOf, type Week } from "../src/calendar/week.ts";
import {
  failedRun,
  objective,
  orders,
  run,
  score,
  scoreAgreement,
  uuidOf,
  type ScoringCase,
} from "../src/testing/sla-fixture.ts";
import {
  countsFrom,
  countsOf,
  deadlineDays,
  halfHoursByWeek,
  incidentsOf,
  isExcluded,
  isInForce,
  isWhole,
  isoWeekAt,
  whenClocksShow,
} from "../src/testing/sla-second-way.ts";

const quarterMs = 900_000;
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
      expect(result.excluded).toBeCloseTo(result.raw.total - result.share.total, 6);
      expect(result.fourWeeks).toEqual(sumOf(expected.slice(-4).filter(({ whole }) => whole)));
      expect(result.previous).toEqual(
        expected.slice(-2, -1).map(({ share, verdict }) => (isGraded(verdict) ? share : null))[0],
      );
      const [start, end] = [week.start.getTime() * 1000, week.end.getTime() * 1000];
      const known = Math.min(end, input.asOf.getTime() * 1000, syncedThrough(input) * 1000);
      const first = microsOf(trendWeeks(week)[0]?.start ?? week.start);
      const incidents = incidentsOf(only, input).filter(
        ({ closedAt }) => closedAt === null || closedAt >= first,
      );
      expect(scored.incidents).toMatchObject(
        incidents
          .filter(({ closedAt }) => closedAt === null || closedAt >= start)
          .map((incident) => ({
            ...incident,
            lastedMs: ((incident.closedAt ?? known) - incident.openedAt) / 1000,
            inWeekMs: ((incident.closedAt ?? known) - Math.max(incident.openedAt, start)) / 1000,
          })),
      );
      expect(scored.incidentsBefore).toMatchObject(
        incidents.filter(({ closedAt }) => closedAt !== null && closedAt < start),
      );
      const closed = incidents.filter(({ closedAt }) => closedAt !== null);
      expect(result.recovery.closedIncidents).toBe(closed.length);
      expect(Array.from(scored.runs, ({ isCounted }) => isCounted)).toEqual(
        Array.from(
          scored.runs,
          ({ finishedAt }) => !isExcluded(finishedAt, agreement.exclusions, agreement.timezone),
        ),
      );
      for (const { finishedAt } of scored.runs) expect(finishedAt).toBeGreaterThanOrEqual(countsFrom(input));
    }),
    { numRuns: 60 },
  );
});

it("tells the week's days as looking at each day alone does", () => {
  fc.assert(
    fc.property(inputs, (input) => {
      const [only] = input.agreement.objectives;
      if (only?.kind !== "deadline") return;
      const { start, end } = input.week;
      expect(scoreAgreement(input).deadlines).toEqual(
        deadlineDays(only, input)
          .filter(({ by }) => by >= start.getTime() * 1000 && by < end.getTime() * 1000)
          .map(({ date, opensAt, dueAt, completedAt, status, attempts, isGood }) => ({
            objective: only.id,
            date,
            opensAt: new Date(opensAt / 1000),
            dueAt: new Date(dueAt / 1000),
            completedAt,
            lateByMs: completedAt === null || isGood ? null : (completedAt - dueAt) / 1000,
            status,
            attempts: attempts.length,
            runUuid: completedAt === null ? null : attempts.at(-1)?.runUuid,
          })),
      );
    }),
    { numRuns: 60 },
  );
});

it("measures freshness as asking at every second does", () => {
  const week = weekOf("2026-W12", "Europe/Berlin");
  const second = fc.nat(4 * 3600).map((seconds) => week.start.getTime() + seconds * 1000);
  const stretch = fc.record({ from: fc.nat(240), minutes: fc.integer({ min: 1, max: 90 }) });
  fc.assert(
    fc.property(
      fc.array(fc.record({ at: second, isSuccessful: fc.boolean() }), { maxLength: 8 }),
      fc.array(stretch, { maxLength: 3 }),
      second,
      fc.integer({ min: 1, max: 5000 }),
      fc.integer({ min: 1, max: 9000 }),
      (finishes, stretches, asOf, maxAge, carriedAgo) => {
        const carried = week.start.getTime() - carriedAgo * 1000;
        const successes = finishes.filter(({ isSuccessful }) => isSuccessful).map(({ at }) => at);
        const share = { good: 0, total: 0 };
        for (let instant = week.start.getTime(); instant < asOf; instant += 1000) {
          const minute = (instant - week.start.getTime()) / 60_000;
          if (stretches.some(({ from, minutes: length }) => minute >= from && minute < from + length)) {
            continue;
          }
          const latest = Math.max(carried, ...successes.filter((at) => at <= instant));
          share.total += 1;
          if (instant - latest < maxAge * 1000) share.good += 1;
        }

        const local = (minute: number) => new Date(Date.parse("2026-03-16") + minute * 60_000);
        const { objectives: results, freshnessGaps } = score({
          runs: finishes.map(({ at, isSuccessful }, index) =>
            (isSuccessful ? run : failedRun)(new Date(at).toISOString(), { runUuid: uuidOf(String(index)) }),
          ),
          latestSuccessBefore: new Date(carried).toISOString(),
          asOf: new Date(asOf),
          agreement: {
            objectives: [objective({ kind: "freshness", maxAgeMs: maxAge * 1000 })],
            exclusions: stretches.map(({ from, minutes: length }) => ({
              kind: "once",
              from: local(from).toISOString().slice(0, 16),
              to: local(from + length)
                .toISOString()
                .slice(0, 16),
              reason: "Maintenance",
              approvedBy: null,
            })),
          },
        });
        expect(results[0]?.share).toEqual(share);
        expect(freshnessGaps.reduce((sum, { breachMs }) => sum + breachMs, 0)).toBe(
          (share.total - share.good) * 1000,
        );
      },
    ),
    { numRuns: 60 },
  );
});

function syncedThrough({ coverage }: ScoringCase): number {
  return coverage.syncedThrough.get(orders.uuid)?.getTime() ?? 0;
}

function verdictOf({ good, total }: Share, whole: boolean, { kind, target, minRuns }: Objective): string {
  if (!whole) return "insufficient_data";
  const countsRuns = kind === "success" || kind === "duration";
  if (total === 0 && minRuns === 1 && !countsRuns) return "met";
  if (total === 0 || total < minRuns) return "insufficient_data";
  // Targets are whole per cents and counts are small: both products are exact.
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
  // Microseconds, added up exactly.
  return { good: Math.round(good * 1e6) / 1e6, total: Math.round(total * 1e6) / 1e6 };
}

/** Zones, and the weeks in which their clocks change: by half an hour, at midnight, by a day, or never. */
const changes = {
  "Europe/Berlin": ["2026-W13", "2026-W43"],
  "America/New_York": ["2026-W10", "2026-W44"],
  "Asia/Kolkata": ["2026-W10"],
  "Australia/Lord_Howe": ["2026-W14", "2026-W40"],
  "America/Havana": ["2026-W10", "2026-W44"],
  "Asia/Beirut": ["2026-W13", "2026-W43"],
  "Africa/Cairo": ["2026-W17", "2026-W44"],
  "America/Sao_Paulo": ["2018-W07", "2018-W44"],
  "Pacific/Apia": ["2011-W52"],
};

const zones = fc.constantFrom(...Object.keys(changes));

/** A zone and a week: mostly one in which its clocks change, else one at which the ISO year is not the calendar's. */
const zonesAndWeeks = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      ...Object.entries(changes).flatMap(([timezone, weeks]) =>
        weeks.map((weekId) => ({ timezone, weekId })),
      ),
    ),
  },
  fc.record({
    timezone: zones,
    weekId: fc.constantFrom("2020-W53", "2021-W01", "2026-W01", "2026-W53", "2027-W01"),
  }),
);

/** Quarters of an hour of 2026; often about a change of some clocks or the turn of a year. */
const minutes = fc.oneof(
  fc
    .record({
      day: fc.constantFrom(
        "2011-12-30",
        "2018-02-18",
        "2018-11-04",
        "2020-12-31",
        "2021-01-04",
        "2026-03-08",
        "2026-03-29",
        "2026-04-05",
        "2026-04-24",
        "2026-10-04",
        "2026-10-25",
        "2026-10-30",
        "2026-11-01",
        "2027-01-01",
      ),
      quarters: fc.integer({ min: -200, max: 200 }),
    })
    .map(({ day, quarters }) => Date.parse(day) + quarters * quarterMs),
  fc.nat(365 * 96).map((quarters) => Date.parse("2026-01-01") + quarters * quarterMs),
);

const daySelections = fc.constantFrom<DaySelection>(
  { kind: "workdays" },
  { kind: "daily" },
  { kind: "weekdays", weekdays: [1, 6, 7] },
);

const timesOfDay = fc.oneof(
  fc.nat(95).map((quarter) => new Date(quarter * quarterMs).toISOString().slice(11, 16)),
  fc.constantFrom("00:00", "01:30", "02:00", "02:30", "23:45"),
);

const measures: fc.Arbitrary<ObjectiveMeasure> = fc.oneof(
  fc.constantFrom<ObjectiveMeasure>(
    { kind: "success" },
    { kind: "duration", atMostMs: 600_000, failed: "count" },
    { kind: "duration", atMostMs: 600_000, failed: "exclude" },
  ),
  fc.record({
    kind: fc.constant("deadline" as const),
    by: timesOfDay,
    on: daySelections,
    opens: timesOfDay,
    graceMs: fc.constantFrom(0, 600_000, 5 * 3_600_000, 30 * 3_600_000),
  }),
  fc.record({
    kind: fc.constant("freshness" as const),
    maxAgeMs: fc.constantFrom(1, 1_000_001, 3_600_000, 26 * 3_600_000, 9 * dayMs),
  }),
  fc.record({
    kind: fc.constant("volume" as const),
    per: fc.constant("day" as const),
    atLeast: fc.integer({ min: 1, max: 3 }),
    on: daySelections,
  }),
);

const objectives: fc.Arbitrary<Objective> = fc
  .record({
    kind: measures,
    percent: fc.constantFrom(30, 50, 60, 90, 100),
    minRuns: fc.integer({ min: 1, max: 4 }),
  })
  .map(({ kind, percent, minRuns }) =>
    objective(kind, { minRuns, target: { numerator: percent, denominator: 100 } }),
  );

const inputs: fc.Arbitrary<ScoringCase> = fc
  .record({ zoneAndWeek: zonesAndWeeks, only: objectives })
  .chain(({ zoneAndWeek: { timezone, weekId }, only }) => {
    const week = weekOf(weekId, timezone);
    const daysAgo = (days: number) => new Date(week.end.getTime() - days * dayMs);
    return fc
      .record({
        asOf: fc.constantFrom(daysAgo(-5), daysAgo(0), daysAgo(3), new Date(daysAgo(2).getTime() + 1)),
        historyStart: fc.constantFrom(daysAgo(400), daysAgo(20), week.start),
        syncLag: fc.constantFrom(0, 1_800_000, 4 * dayMs),
        disputedDays: fc.uniqueArray(fc.nat(30), { maxLength: 2 }),
        effectiveDaysAgo: fc.constantFrom(200, 25, 9, 7, 6),
        exclusions: fc.array(exclusionsAbout(week.end.getTime()), { maxLength: 3 }),
        runs: fc.array(runsAbout(week.start.getTime(), week.end.getTime()), { maxLength: 40 }),
        holidays: fc.uniqueArray(fc.nat(30), { maxLength: 4 }),
        carriedHoursAgo: fc.option(fc.integer({ min: 1, max: 500 })),
      })
      .map(
        ({ asOf, historyStart, syncLag, disputedDays, effectiveDaysAgo, exclusions, runs, ...others }) => ({
          agreement: {
            timezone,
            effectiveFrom: daysAgo(effectiveDaysAgo).toISOString().slice(0, 10),
            calendar: {
              workdays: [1, 2, 3, 4, 5],
              holidays: holidayCalendar(
                "holidays.ics",
                calendarOf(others.holidays.map((days) => daysAgo(days).toISOString().slice(0, 10))),
              ),
            },
            exclusions,
            objectives: [only],
          },
          week,
          asOf,
          runsOf: new Map([[orders.uuid, [...runs, ...carriedRuns(week, others.carriedHoursAgo)]]]),
          latestSuccessBefore: new Map(),
          coverage: {
            historyStart,
            syncedThrough: new Map([[orders.uuid, new Date(asOf.getTime() - syncLag)]]),
            disputedDays: new Map([
              [orders.uuid, disputedDays.map((days) => daysAgo(days).toISOString().slice(0, 10))],
            ]),
          },
          taskNames: new Map(),
        }),
      );
  });

/** A success before the first of the 13 weeks. */
function carriedRuns(week: Week, hoursAgo: number | null): Run[] {
  if (hoursAgo === null) return [];
  const [first = week] = trendWeeks(week);
  return [run(isoOf(microsOf(first.start) - hoursAgo * 3_600_000_000 + 1))];
}

function calendarOf(dates: readonly string[]): string {
  const events = dates.flatMap((date) => [
    "BEGIN:VEVENT",
    `UID:${date}`,
    `DTSTART;VALUE=DATE:${date.replaceAll("-", "")}`,
    "END:VEVENT",
  ]);
  return ["BEGIN:VCALENDAR", ...events, "END:VCALENDAR"].join("\r\n");
}

/** Microseconds before or after a round instant. */
const beside = fc.constantFrom(0, 0, 1, -1, 400, -400, 1000, -1000);

/**
 * Mostly runs of the week and the four before, some on the instants that bound the week, or before the 13 weeks and about
 * their start.
 */
function runsAbout(weekStart: number, weekEnd: number): fc.Arbitrary<Run> {
  const end = weekEnd * 1000;
  const within = (days: number) =>
    fc.nat(days * 96).chain((quarters) => beside.map((micros) => end - quarters * 900_000_000 + micros));
  return fc
    .record({
      finish: fc.oneof(
        within(7),
        within(35),
        within(180),
        fc.integer({ min: -9, max: 9 }).map((days) => end - (13 * 7 + days) * 86_400_000_000),
        fc
          .constantFrom(weekStart, weekEnd, weekEnd + dayMs)
          .chain((ms) => beside.map((micros) => ms * 1000 + micros)),
      ),
      isSuccessful: fc.boolean(),
      elapsedMs: fc.constantFrom(1, 600_000, 600_000.001, 600_001),
      runUuid: fc.uuid(),
    })
    .map(({ finish, isSuccessful, elapsedMs, runUuid }) => {
      const at = isoOf(finish);
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
