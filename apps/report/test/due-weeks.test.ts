import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dueWeeks, type KnownWeeks } from "../src/due/due-weeks.ts";
import { lastClosedWeek, midnightOf, previousWeeks, weekHolding, weekOf } from "@runledger/sla";

const hourMs = 3_600_000;
const nothing: KnownWeeks = { sent: [], isLatestComplete: true, refused: [], noticed: [] };

/** Six hours after the end of 2026-W12, to the millisecond. */
const closed = new Date("2026-03-23T05:00:00Z");

function due(known: Partial<KnownWeeks>, asOf = closed, effectiveFrom = "2026-01-05") {
  const { due: now, lapsed } = dueWeeks(agreement(6, effectiveFrom), asOf, { ...nothing, ...known });
  return { due: now.map(({ id }) => id), lapsed: lapsed.map(({ id }) => id) };
}

function agreement(settleHours: number, effectiveFrom = "2026-01-05", timezone = "Europe/Berlin") {
  return {
    timezone,
    effectiveFrom,
    report: { to: [], cc: [], failuresTo: [], settleMs: settleHours * hourMs },
  };
}

describe("dueWeeks", () => {
  it("owes the last closed week only where nothing was ever sent", () => {
    expect(due({})).toEqual({ due: ["2026-W12"], lapsed: [] });
  });

  it("waits until the last millisecond of settling has passed", () => {
    const before = new Date(closed.getTime() - 1);
    expect(due({ sent: ["2026-W11"] }, before)).toEqual({ due: ["2026-W11"], lapsed: [] });
    expect(due({ sent: ["2026-W11"] })).toEqual({ due: ["2026-W12"], lapsed: [] });
  });

  it("catches up four weeks, oldest first, and names those before them", () => {
    expect(due({ sent: ["2026-W05", "2026-W06"] })).toEqual({
      due: ["2026-W09", "2026-W10", "2026-W11", "2026-W12"],
      lapsed: ["2026-W07", "2026-W08"],
    });
  });

  it("goes on with a week that went out to some recipients only", () => {
    expect(due({ sent: ["2026-W11"], isLatestComplete: false }).due).toEqual(["2026-W11", "2026-W12"]);
  });

  it("comes back to a week that could not be made, though later ones were sent", () => {
    const known = { sent: ["2026-W08", "2026-W11", "2026-W12"], noticed: ["2026-W10", "2026-W11"] };
    expect(due(known).due).toEqual(["2026-W10", "2026-W12"]);
  });

  it("owes nothing for weeks that ended before the agreement was in force", () => {
    expect(due({ noticed: ["2026-W10"] }, closed, "2026-03-18").due).toEqual(["2026-W12"]);
    expect(due({}, closed, "2026-03-23")).toEqual({ due: [], lapsed: [] });
  });

  it("leaves no week out and takes none twice, wherever the clocks change and however long nothing ran", () => {
    fc.assert(
      fc.property(schedules, fc.integer({ min: 0, max: 30 }), (schedule, gap) => {
        const { asOf, timezone, settleHours, effectiveFrom } = schedule;
        const last = lastClosedWeek(asOf, timezone, settleHours * hourMs);
        const [latest, ...missed] = previousWeeks(last, gap + 1);
        const known = { ...nothing, sent: latest ? [latest.id] : [] };
        const { due: now, lapsed } = dueWeeks(agreement(settleHours, effectiveFrom, timezone), asOf, known);
        const inForce = missed.filter(({ end }) => end > midnightOf(effectiveFrom, timezone));
        const expected = gap === 0 && last.end > midnightOf(effectiveFrom, timezone) ? [last] : inForce;
        expect([...lapsed, ...now]).toEqual(expected);
        expect(now.length).toBe(Math.min(4, expected.length));
      }),
    );
  });

  it("gives every week one slot: run hourly, each week turns up once, in order, when it has settled", () => {
    fc.assert(
      fc.property(schedules, ({ asOf, timezone, settleHours }) => {
        const sent: string[] = [];
        const start = weekHolding(asOf, timezone);
        for (let hour = 0; hour < 4 * 7 * 24; hour += 1) {
          const now = new Date(start.start.getTime() + settleHours * hourMs + hour * hourMs);
          const { due: weeks } = dueWeeks(agreement(settleHours, "2000-01-01", timezone), now, {
            ...nothing,
            sent,
          });
          for (const week of weeks.filter(({ id }) => !sent.includes(id))) {
            const sinceSlotMs = now.getTime() - week.end.getTime() - settleHours * hourMs;
            expect(sinceSlotMs >= 0 && sinceSlotMs < hourMs).toBe(true);
            sent.push(week.id);
          }
        }
        const latest = weekOf(sent.at(-1) ?? "", timezone);
        expect(sent).toEqual(previousWeeks(latest, sent.length).map(({ id }) => id));
        expect(sent.length).toBeGreaterThanOrEqual(4);
      }),
      { numRuns: 6 },
    );
  });
});

const schedules = fc.record({
  asOf: fc.date({
    min: new Date("2012-06-01T00:00:00Z"),
    max: new Date("2030-01-01T00:00:00Z"),
    noInvalidDate: true,
  }),
  timezone: fc.constantFrom(
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "America/Havana",
    "Asia/Tehran",
  ),
  settleHours: fc.integer({ min: 0, max: 120 }),
  effectiveFrom: fc.constantFrom("2000-01-01", "2019-03-31", "2025-10-26"),
});
