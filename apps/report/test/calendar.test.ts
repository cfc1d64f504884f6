import { definitionOf } from "@runledger/config";
import { describe, expect, it } from "vitest";
import { localDays, isSelected } from "../src/calendar/calendar-days.ts";
import { HolidayRuleError, holidaysBetween } from "../src/calendar/calendar-holidays.ts";

describe("holidaysBetween", () => {
  it("has whole-day events by date, with their names", () => {
    expect(holidays(["UID:1", "SUMMARY:Christmas", "DTSTART;VALUE=DATE:20261225"])).toEqual([
      "2026-12-25 Christmas",
    ]);
  });

  it("takes an end to be the first day after the holiday", () => {
    const event = ["UID:1", "SUMMARY:Eid", "DTSTART;VALUE=DATE:20260320", "DTEND;VALUE=DATE:20260323"];
    expect(holidays(event)).toEqual(["2026-03-20 Eid", "2026-03-21 Eid", "2026-03-22 Eid"]);
  });

  it("takes an end that is the start, as some programs write it, to be one day", () => {
    expect(
      holidays(["UID:1", "SUMMARY:Eid", "DTSTART;VALUE=DATE:20260320", "DTEND;VALUE=DATE:20260320"]),
    ).toEqual(["2026-03-20 Eid"]);
  });

  it("reads a length in days", () => {
    expect(holidays(["UID:1", "SUMMARY:Eid", "DTSTART;VALUE=DATE:20260320", "DURATION:P2D"])).toEqual([
      "2026-03-20 Eid",
      "2026-03-21 Eid",
    ]);
  });

  it("keeps the part within the range of one that began before it and ends after it", () => {
    const event = ["UID:1", "SUMMARY:Year", "DTSTART;VALUE=DATE:20251231", "DTEND;VALUE=DATE:20270201"];
    const all = holidays(event);
    expect([all.length, all[0], all.at(-1)]).toEqual([365, "2026-01-01 Year", "2026-12-31 Year"]);
  });

  it("leaves out events with a time of day, and cancelled ones", () => {
    expect(
      holidays(
        ["UID:1", "SUMMARY:Meeting", "DTSTART:20260320T000000Z", "DTEND:20260321T000000Z"],
        ["UID:2", "SUMMARY:Meeting", "DTSTART;TZID=Europe/Berlin:20260321T000000"],
        ["UID:3", "SUMMARY:Strike", "STATUS:CANCELLED", "DTSTART;VALUE=DATE:20260322"],
      ),
    ).toEqual([]);
  });

  it("repeats by rule, whatever year it began in", () => {
    expect(
      holidays(
        ["UID:1", "SUMMARY:Labour Day", "DTSTART;VALUE=DATE:19700501", "RRULE:FREQ=YEARLY"],
        [
          "UID:2",
          "SUMMARY:Repentance",
          "DTSTART;VALUE=DATE:20001122",
          "RRULE:FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=16,17,18,19,20,21,22;BYDAY=WE",
        ],
      ),
    ).toEqual(["2026-05-01 Labour Day", "2026-11-18 Repentance"]);
  });

  it("ends a rule with its COUNT and its UNTIL", () => {
    expect(
      holidays(
        ["UID:1", "SUMMARY:A", "DTSTART;VALUE=DATE:20260301", "RRULE:FREQ=DAILY;COUNT=2"],
        ["UID:2", "SUMMARY:B", "DTSTART;VALUE=DATE:20260401", "RRULE:FREQ=DAILY;UNTIL=20260402"],
      ),
    ).toEqual(["2026-03-01 A", "2026-03-02 A", "2026-04-01 B", "2026-04-02 B"]);
  });

  it("adds RDATEs, takes out every EXDATE and keeps the start", () => {
    expect(
      holidays([
        "UID:1",
        "SUMMARY:Market",
        "DTSTART;VALUE=DATE:20260301",
        "RRULE:FREQ=DAILY;COUNT=5",
        "RDATE;VALUE=DATE:20260701,20260702",
        "EXDATE;VALUE=DATE:20260215,20260302",
        "EXDATE;VALUE=DATE:20260303",
        "EXDATE;VALUE=DATE:20260702",
      ]),
    ).toEqual(["2026-03-01 Market", "2026-03-04 Market", "2026-03-05 Market", "2026-07-01 Market"]);
  });

  it("moves an occurrence that another event replaces, also out of the range's far end", () => {
    expect(
      holidays(
        ["UID:1", "SUMMARY:Day off", "DTSTART;VALUE=DATE:20250601", "RRULE:FREQ=YEARLY;COUNT=3"],
        [
          "UID:1",
          "SUMMARY:Day off, moved",
          "RECURRENCE-ID;VALUE=DATE:20260601",
          "DTSTART;VALUE=DATE:20260602",
        ],
        [
          "UID:1",
          "SUMMARY:Day off, early",
          "RECURRENCE-ID;VALUE=DATE:20270601",
          "DTSTART;VALUE=DATE:20261231",
        ],
      ),
    ).toEqual(["2026-06-02 Day off, moved", "2026-12-31 Day off, early"]);
  });

  it("drops an occurrence that is replaced by a cancelled one", () => {
    expect(
      holidays(
        ["UID:1", "SUMMARY:Day off", "DTSTART;VALUE=DATE:20250601", "RRULE:FREQ=YEARLY"],
        ["UID:1", "STATUS:CANCELLED", "RECURRENCE-ID;VALUE=DATE:20260601", "DTSTART;VALUE=DATE:20260601"],
      ),
    ).toEqual([]);
  });

  it("says which holiday's rule it cannot follow", () => {
    const event = ["UID:1", "SUMMARY:Never", "DTSTART;VALUE=DATE:20260601", "RRULE:FREQ=SECONDLY"];
    expect(() => holidays(event)).toThrow(HolidayRuleError);
    expect(() => holidays(event)).toThrow('holiday "Never" that starts at 2026-06-01');
  });
});

describe("localDays", () => {
  it("has the days that a range touches, from midnight to midnight", () => {
    const days = localDays({ workdays: [1, 2, 3, 4, 5], holidays: null }, "Europe/Berlin", {
      start: new Date("2026-03-27T23:00:00Z"),
      end: new Date("2026-03-29T22:00:00Z"),
    });
    expect(days).toEqual([
      {
        date: "2026-03-28",
        weekday: 6,
        start: new Date("2026-03-27T23:00:00Z"),
        end: new Date("2026-03-28T23:00:00Z"),
        holiday: null,
        isWorkday: false,
      },
      {
        date: "2026-03-29",
        weekday: 7,
        start: new Date("2026-03-28T23:00:00Z"),
        end: new Date("2026-03-29T22:00:00Z"),
        holiday: null,
        isWorkday: false,
      },
    ]);
  });

  it("has no day that the clocks skipped, and one that has no midnight", () => {
    const datesIn = (timezone: string, start: string, end: string) =>
      localDays({ workdays: [1], holidays: null }, timezone, {
        start: new Date(start),
        end: new Date(end),
      }).map(({ date, start: from, end: to }) => [date, (to.getTime() - from.getTime()) / 3_600_000]);
    expect(datesIn("Pacific/Apia", "2011-12-29T10:00:00Z", "2011-12-31T10:00:00Z")).toEqual([
      ["2011-12-29", 24],
      ["2011-12-31", 24],
    ]);
    expect(datesIn("America/Havana", "2026-03-08T05:00:00Z", "2026-03-09T04:00:00Z")).toEqual([
      ["2026-03-08", 23],
    ]);
  });

  it("has a holiday be no workday, but still its weekday", () => {
    const text = ics(["UID:1", "SUMMARY:Three Kings", "DTSTART;VALUE=DATE:20260106"]);
    const [day] = localDays({ workdays: [1, 2], holidays: { path: "de.ics", text } }, "Europe/Berlin", {
      start: new Date("2026-01-05T23:00:00Z"),
      end: new Date("2026-01-06T23:00:00Z"),
    });
    if (day === undefined) throw new Error("there is one");
    expect(day).toMatchObject({ date: "2026-01-06", weekday: 2, holiday: "Three Kings", isWorkday: false });
    expect(isSelected({ kind: "workdays" }, day)).toBe(false);
    expect(isSelected({ kind: "weekdays", weekdays: [2] }, day)).toBe(true);
    expect(isSelected({ kind: "weekdays", weekdays: [1] }, day)).toBe(false);
    expect(isSelected({ kind: "daily" }, day)).toBe(true);
  });
});

/** The holidays of 2026. The rules that a definition keeps of the calendar have them all on the same days. */
function holidays(...events: string[][]): string[] {
  const text = ics(...events);
  const found = holidaysBetween(text, "2026-01-01", "2026-12-31");
  const byRules = holidaysBetween(rulesOf(text), "2026-01-01", "2026-12-31");
  expect([...byRules.keys()].toSorted()).toEqual([...found.keys()].toSorted());
  return Array.from(found, ([date, name]) => `${date} ${name}`).toSorted();
}

function rulesOf(text: string): string {
  const { calendar } = definitionOf({
    timezone: "Europe/Berlin",
    effectiveFrom: "2026-01-01",
    calendar: { workdays: [1], holidays: { path: "de.ics", text } },
    objectives: [],
  });
  return calendar.holidays ?? "";
}

function ics(...events: string[][]): string {
  const lines = events.flatMap((event) => ["BEGIN:VEVENT", ...event, "END:VEVENT"]);
  return ["BEGIN:VCALENDAR", "VERSION:2.0", ...lines, "END:VCALENDAR", ""].join("\r\n");
}
