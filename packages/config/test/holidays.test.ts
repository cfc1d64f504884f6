import { readFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { DateTime } from "luxon";
import { describe, expect, it } from "vitest";
import { ConfigError, definitionHash, holidaysBetween, lastHoliday, parseConfig } from "../src/index.ts";
import { isoDate, parseCivilDay } from "../src/holidays/civil-day.ts";
import { holidayRules, readHolidayEvents } from "../src/holidays/holiday-event.ts";
import { lastOccurrence, parseRecurrence } from "../src/holidays/recurrence.ts";

/** The text of a calendar of these events. */
function ics(...events: string[][]): string {
  const lines = events.flatMap((event) => ["BEGIN:VEVENT", ...event, "END:VEVENT"]);
  return ["BEGIN:VCALENDAR", "VERSION:2.0", ...lines, "END:VCALENDAR", ""].join("\r\n");
}

/** The holidays of 2026 as `date name`; the rules that a definition keeps have them on the same days. */
function of2026(text: string): string[] {
  const { events, problems } = readHolidayEvents(text);
  expect(problems).toEqual([]);
  const found = holidaysBetween(events ?? [], "2026-01-01", "2026-12-31");
  const kept = readHolidayEvents(holidayRules(events ?? []));
  expect(kept.problems).toEqual([]);
  const byRules = holidaysBetween(kept.events ?? [], "2026-01-01", "2026-12-31");
  expect([...byRules.keys()].toSorted()).toEqual([...found.keys()].toSorted());
  expect(holidayRules(kept.events ?? [])).toBe(holidayRules(events ?? []));
  return Array.from(found, ([date, name]) => `${date} ${name}`).toSorted();
}

const christmas = (...lines: string[]) => ics(["SUMMARY:Christmas", ...lines]);

describe("what a calendar may look like", () => {
  it.each([
    ["a date", christmas("DTSTART;VALUE=DATE:20261225")],
    ["a date that does not say that it is one", christmas("DTSTART:20261225")],
    ["another case", christmas("dtstart;value=date:20261225", "status:Confirmed")],
    ["a bare LF", christmas("DTSTART;VALUE=DATE:20261225").replaceAll("\r\n", "\n")],
    ["a bare CR", christmas("DTSTART;VALUE=DATE:20261225").replaceAll("\r\n", "\r")],
    ["a byte order mark", `\uFEFF${christmas("DTSTART;VALUE=DATE:20261225")}`],
    ["folded lines", christmas("DTSTART;VAL\r\n UE=DATE:2026\r\n\t1225")],
    [
      "empty properties",
      christmas("DTSTART:20261225", "DTEND:", "RRULE:", "EXDATE:", "STATUS:", "DURATION:"),
    ],
    ["quoted parameters", christmas('DTSTART;X-A="a;b:c,d";VALUE=DATE:20261225')],
    ["no UID and two calendars", `${ics(["DTSTART:20250101"])}${christmas("DTSTART:20261225")}`],
    [
      "an alarm and a zone with dates of their own",
      christmas(
        "DTSTART:20261225",
        "BEGIN:VALARM",
        "DTSTART:20260101",
        "RRULE:FREQ=SECONDLY",
        "END:VALARM",
      ).replace(
        "BEGIN:VEVENT",
        "BEGIN:VTIMEZONE\r\nBEGIN:STANDARD\r\nDTSTART:16010101T000000\r\nRRULE:FREQ=HOURLY\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\nBEGIN:VEVENT",
      ),
    ],
    ["a length", christmas("DTSTART:20261225", "DURATION:P1D")],
    ["a length in hours", christmas("DTSTART:20261225", "DURATION:PT24H")],
    ["an end that is the start", christmas("DTSTART:20261225", "DTEND:20261225")],
    [
      "midnight to midnight in a zone",
      christmas("DTSTART;TZID=Europe/Berlin:20261225T000000", "DTEND;TZID=Europe/Berlin:20261226T000000"),
    ],
    ["midnight to midnight in no zone", christmas("DTSTART:20261225T000000", "DTEND:20261226T000000")],
    [
      "Outlook's whole day",
      christmas(
        'DTSTART;TZID="W. Europe Standard Time":20261225T000000',
        'DTEND;TZID="W. Europe Standard Time":20261226T000000',
        "X-MICROSOFT-CDO-ALLDAYEVENT:TRUE",
      ),
    ],
    [
      "Outlook's whole day in UTC",
      christmas("DTSTART:20261224T230000Z", "DTEND:20261225T230000Z", "X-MICROSOFT-CDO-ALLDAYEVENT:true"),
    ],
    ["a midnight that says it is a date", christmas("DTSTART;VALUE=DATE:20261225T000000")],
    ["a midnight in UTC that says it is a date", christmas("DTSTART;VALUE=DATE:20261225T000000Z")],
    [
      "a flagged day until 23:59",
      christmas("DTSTART:20261225T000000", "DTEND:20261225T235900", "X-FUNAMBOL-ALLDAY:1"),
    ],
    [
      "a flagged day that lasts up to 23:59",
      christmas("DTSTART:20261225T000000", "DURATION:PT23H59M", "X-FUNAMBOL-ALLDAY:1"),
    ],
    [
      "a flagged day in UTC, of Auckland in summer",
      christmas("DTSTART:20261224T110000Z", "DTEND:20261225T110000Z", "X-MICROSOFT-CDO-ALLDAYEVENT:TRUE"),
    ],
    [
      "a flagged day in UTC, of Honolulu",
      christmas("DTSTART:20261225T100000Z", "DTEND:20261226T100000Z", "X-MICROSOFT-CDO-ALLDAYEVENT:TRUE"),
    ],
    [
      "a flagged day in UTC, of a calendar that says it is in Pago Pago",
      christmas(
        "DTSTART:20261225T110000Z",
        "DTEND:20261226T110000Z",
        "X-MICROSOFT-CDO-ALLDAYEVENT:TRUE",
      ).replace("BEGIN:VEVENT", "X-WR-TIMEZONE:Pacific/Pago_Pago\r\nBEGIN:VEVENT"),
    ],
    [
      "a zone with a colon and no quotes",
      christmas(
        "DTSTART;TZID=(UTC+01:00) Amsterdam, Berlin:20261225T000000",
        "DTEND;TZID=(UTC+01:00) Amsterdam, Berlin:20261226T000000",
      ),
    ],
    [
      "spaces after commas and noughts for midnight",
      christmas(
        "DTSTART; VALUE=DATE:20251225",
        "RRULE:FREQ=YEARLY; BYMONTH=3, 12; BYHOUR=00; BYMINUTE=00",
        "RDATE:20251226, 20251227",
        "EXDATE:20260325, 20270325",
      ),
    ],
    ["a rule in another case", christmas("DTSTART:20001225", "RRULE:freq=yearly;interval=1")],
  ])("%s", (_, text) => {
    expect(of2026(text)).toEqual(["2026-12-25 Christmas"]);
  });

  it("leaves out what is not whole days, and what is cancelled", () => {
    const text = ics(
      ["SUMMARY:Meeting", "DTSTART:20260320T000000Z", "DTEND:20260321T000000Z"],
      ["SUMMARY:Meeting", "DTSTART;TZID=Europe/Berlin:20260321T000000"],
      [
        "SUMMARY:Meeting",
        "DTSTART;TZID=Europe/Berlin:20260321T000000",
        "DTEND;TZID=Europe/Berlin:20260321T100000",
      ],
      ["SUMMARY:Standup", "DTSTART:20260321T100000Z", "RRULE:FREQ=HOURLY"],
      ["SUMMARY:Strike", "status:cancelled", "DTSTART:20260322"],
    );
    expect(of2026(text)).toEqual([]);
  });

  it("lasts several days, up to its end, and into the year", () => {
    expect(of2026(ics(["SUMMARY:Eid", "DTSTART:20251231", "DTEND:20260103"]))).toEqual([
      "2026-01-01 Eid",
      "2026-01-02 Eid",
    ]);
  });

  it("adds RDATEs, takes out EXDATEs in any form, and ends in a zone's time", () => {
    const text = ics(
      [
        "SUMMARY:Market",
        "DTSTART:20260301",
        "RRULE:FREQ=DAILY;COUNT=5",
        "RDATE:20260701,20260702",
        "EXDATE:20260302,20260303T000000",
        "EXDATE;VALUE=DATE:20260702",
      ],
      [
        "SUMMARY:Weekly",
        "DTSTART;TZID=Europe/Berlin:20260401T000000",
        "DTEND;TZID=Europe/Berlin:20260402T000000",
        // The last one begins at this instant, by Berlin's clocks on the 15th.
        "RRULE:FREQ=WEEKLY;UNTIL=20260414T220000Z",
        "EXDATE:20260407T220000Z",
      ],
    );
    expect(of2026(text)).toEqual([
      "2026-03-01 Market",
      "2026-03-04 Market",
      "2026-03-05 Market",
      "2026-04-01 Weekly",
      "2026-04-15 Weekly",
      "2026-07-01 Market",
    ]);
  });

  it("moves and drops occurrences by RECURRENCE-ID", () => {
    const text = ics(
      ["UID:1", "SUMMARY:Day off", "DTSTART:20250601", "RRULE:FREQ=YEARLY;COUNT=3"],
      ["UID:1", "SUMMARY:Day off, moved", "RECURRENCE-ID:20260601", "DTSTART:20260602"],
      ["UID:1", "SUMMARY:Day off, early", "RECURRENCE-ID;VALUE=DATE:20270601", "DTSTART:20261231"],
      ["UID:2", "SUMMARY:Gone", "DTSTART:20250701", "RRULE:FREQ=YEARLY"],
      ["UID:2", "STATUS:CANCELLED", "RECURRENCE-ID:20260701", "DTSTART:20260701"],
    );
    expect(of2026(text)).toEqual(["2026-06-02 Day off, moved", "2026-12-31 Day off, early"]);
  });
});

describe("an event that takes the place of an occurrence", () => {
  const series = ["UID:1", "SUMMARY:Day off", "DTSTART:20250601", "RRULE:FREQ=YEARLY;COUNT=3"];

  it.each([
    ["cancelled without a start", ["RECURRENCE-ID:20260601", "STATUS:CANCELLED"], []],
    [
      "cancelled, with a rule that makes no sense",
      ["RECURRENCE-ID:20260601", "STATUS:CANCELLED", "RRULE:X"],
      [],
    ],
    ["moved to a time of day", ["RECURRENCE-ID:20260601", "DTSTART:20260601T100000Z"], []],
    ["moved to another day", ["RECURRENCE-ID:20260601", "DTSTART:20260603"], ["2026-06-03 Holiday"]],
    ["of another series", ["RECURRENCE-ID:20260601", "UID:2", "STATUS:CANCELLED"], ["2026-06-01 Day off"]],
    ["of a time", ["RECURRENCE-ID;TZID=Europe/Berlin:20260601T000000", "STATUS:CANCELLED"], []],
  ])("%s", (_, override, days) => {
    const lines = override.some((line) => line.startsWith("UID")) ? override : ["UID:1", ...override];
    expect(of2026(ics(series, lines))).toEqual(days);
    expect(of2026(ics(lines, series))).toEqual(days);
  });

  it("counts no more than its cancelled series", () => {
    const moved = ["UID:1", "RECURRENCE-ID:20260601", "DTSTART:20260602"];
    expect(of2026(ics([...series, "STATUS:CANCELLED"], moved))).toEqual([]);
    expect(of2026(ics(moved))).toEqual(["2026-06-02 Holiday"]);
  });

  it("belongs to none where it has no UID", () => {
    const [, ...withoutUid] = series;
    expect(of2026(ics(withoutUid, ["RECURRENCE-ID:20260601", "DTSTART:20260602"]))).toEqual([
      "2026-06-01 Day off",
      "2026-06-02 Holiday",
    ]);
  });

  it("is refused where it stands for all that follow, but for those of meetings", () => {
    const following = ["UID:1", "RECURRENCE-ID;RANGE=THISANDFUTURE:20260601", "STATUS:CANCELLED"];
    expect(readHolidayEvents(ics(series, following)).problems).toEqual([
      { line: 11, message: '"Holiday": RANGE=THISANDFUTURE is not followed', event: "Day off" },
    ]);
    const meeting = ["UID:1", "DTSTART:20250601T100000", "RRULE:FREQ=YEARLY"];
    expect(of2026(ics(meeting, following))).toEqual([]);
  });
});

describe("days that are written in another zone", () => {
  const ZONES = [
    "Europe/Berlin",
    "America/New_York",
    "Pacific/Auckland",
    "Asia/Kolkata",
    "America/Sao_Paulo",
  ];

  /** A day's midnight in a zone by the clocks of another, as iCalendar writes it. */
  const clocksOf = (day: string, zone: string, other: string) =>
    DateTime.fromISO(day, { zone }).setZone(other).toFormat("yyyyMMdd'T'HHmmss");

  it.each(ZONES.flatMap((zone) => ZONES.map((other) => [zone, other])))(
    "of %s in the time of %s",
    (zone, other) => {
      const inOther = (name: string, day: string) => `${name};TZID=${other}:${clocksOf(day, zone, other)}`;
      const text = ics(
        [
          "UID:1",
          "SUMMARY:Week",
          `DTSTART;TZID=${zone}:20260325T000000`,
          inOther("DTEND", "2026-03-26"),
          "RRULE:FREQ=DAILY;COUNT=6",
          inOther("EXDATE", "2026-03-29"),
          inOther("RDATE", "2026-12-25"),
        ],
        ["UID:1", "STATUS:CANCELLED", inOther("RECURRENCE-ID", "2026-03-27")],
      );
      expect(of2026(text)).toEqual(
        ["2026-03-25", "2026-03-26", "2026-03-28", "2026-03-30", "2026-12-25"].map((day) => `${day} Week`),
      );
    },
  );

  it("of a flagged day in UTC ends with the last that has begun", () => {
    const until = (time: string) =>
      of2026(
        ics([
          "SUMMARY:Off",
          "DTSTART:20260326T230000Z",
          `RRULE:FREQ=DAILY;UNTIL=${time}`,
          "X-MICROSOFT-CDO-ALLDAYEVENT:TRUE",
          "EXDATE:20260327T230000Z",
        ]),
      ).map((text) => text.slice(0, 10));
    expect(until("20260329T220000Z")).toEqual(["2026-03-27", "2026-03-29", "2026-03-30"]);
    expect(until("20260329T215959Z")).toEqual(["2026-03-27", "2026-03-29"]);
  });
});

describe("recurrences", () => {
  it("has the days that another expander has, or refuses the rule by name", async () => {
    const lines = (await readFile(join(import.meta.dirname, "recurrences/rules.txt"), "utf8"))
      .trim()
      .split("\n");
    const refused: string[] = [];
    for (const line of lines) {
      const [start = "", rule = "", days = ""] = line.split(" | ");
      const { events, problems } = readHolidayEvents(
        ics([`DTSTART:${start.replaceAll("-", "")}`, `RRULE:${rule}`]),
      );
      if (problems.length > 0) {
        refused.push(`${rule} ${problems[0]?.message}`);
        continue;
      }
      const expected = days.split(" ");
      const last = expected.length < 24 ? "2032-12-31" : (expected.at(-1) ?? "");
      const found = [...holidaysBetween(events ?? [], start, last).keys()];
      expect(found, line).toEqual(expected);
      // Asked for a part, it has just that: most rules need not be followed from their start.
      const part = [...holidaysBetween(events ?? [], expected[5] ?? start, last).keys()];
      expect(part, line).toEqual(expected.filter((day) => day >= (expected[5] ?? start)));
    }
    expect(refused.length).toBeLessThan(lines.length / 15);
    for (const refusal of refused) {
      expect(refusal).toMatch(/(?:BYSETPOS|BYWEEKNO).* cannot follow its RRULE: BY/u);
    }
  });

  it.each([
    ["29 February", "20200229", "FREQ=YEARLY", ["2020-02-29", "2024-02-29", "2028-02-29"]],
    [
      "the second Monday of the year",
      "20200113",
      "FREQ=YEARLY;BYDAY=2MO",
      ["2020-01-13", "2021-01-11", "2022-01-10"],
    ],
    [
      "the last weekday of the quarter",
      "20200331",
      "FREQ=MONTHLY;INTERVAL=3;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
      ["2020-03-31", "2020-06-30", "2020-09-30"],
    ],
    [
      "a Monday and every Tuesday",
      "20200106",
      "FREQ=MONTHLY;BYDAY=1MO,TU;COUNT=4",
      ["2020-01-06", "2020-01-07", "2020-01-14", "2020-01-21"],
    ],
    [
      "the Monday of week 20",
      "20200511",
      "FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO",
      ["2020-05-11", "2021-05-17", "2022-05-16"],
    ],
    [
      "a start that the rule does not have",
      "20200101",
      "FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=1;COUNT=3",
      ["2020-01-01", "2020-05-01", "2021-05-01"],
    ],
  ])("%s", (_, start, rule, days) => {
    const { events } = readHolidayEvents(ics([`DTSTART:${start}`, `RRULE:${rule}`]));
    expect([...holidaysBetween(events ?? [], "2020-01-01", "2035-12-31").keys()].slice(0, 3)).toEqual(
      days.slice(0, 3),
    );
  });

  it.each([
    ["FREQ=SECONDLY", "FREQ=SECONDLY makes no sense of whole days"],
    ["FREQ=HOURLY;INTERVAL=24", "FREQ=HOURLY makes no sense of whole days"],
    ["RSCALE=CHINESE;FREQ=YEARLY", "RSCALE=CHINESE is not followed"],
    ["FREQ=YEARLY;BYWEEKNO=53;BYDAY=MO", "BYWEEKNO=53 is not followed"],
    ["FREQ=YEARLY;BYWEEKNO=5", "BYWEEKNO is not followed without BYDAY"],
    ["FREQ=YEARLY;BYEASTER=0", "BYEASTER is not followed"],
    ["FREQ=WEEKLY;BYMONTHDAY=3", "BYMONTHDAY is not followed with FREQ=WEEKLY"],
    ["FREQ=YEARLY;BYMONTH=13", "BYMONTH=13 is out of range"],
    ["FREQ=YEARLY;UNTIL=soon", "UNTIL=SOON is not a date"],
    ["FREQ=DAILY;COUNT=1000000000", "COUNT=1000000000 is more than 10000"],
    ["INTERVAL=2", "it has no FREQ"],
  ])("refuses %s by name, with the line of the calendar's file", (rule, message) => {
    const { problems } = readHolidayEvents(ics(["SUMMARY:Odd", "DTSTART:20260101", `RRULE:${rule}`]));
    expect(problems).toEqual([
      {
        line: 6,
        message: expect.stringContaining(`"Odd": cannot follow its RRULE: ${message}`),
        event: "Odd",
      },
    ]);
  });

  it("looks at few days for 20,000 usual events, and refuses what takes too many", () => {
    const problemsOf = (length: number, ...lines: string[]) =>
      readHolidayEvents(ics(...Array.from({ length }, (_, n) => [`UID:${n}`, "DTSTART:19701126", ...lines])))
        .problems.length;
    // The rules of a file may cost so much and no more: what is not refused has not.
    for (const lines of [
      ["RRULE:FREQ=YEARLY;COUNT=60"],
      ["RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH;COUNT=30"],
    ]) {
      expect(problemsOf(20_000, ...lines), lines.join()).toBe(0);
    }
    for (const lines of [["RRULE:FREQ=DAILY;COUNT=9999"], ["DURATION:P3660D", "RRULE:FREQ=DAILY"]]) {
      expect(problemsOf(2000, ...lines), lines.join()).toBeGreaterThan(500);
    }
  });

  it("looks only at the days that a rule can have", () => {
    const workOf = (text: string) => {
      let work = 0;
      const start = parseCivilDay("2000-11-23") ?? 0;
      const rule = parseRecurrence(text, () => null);
      lastOccurrence(rule, start, (amount) => {
        work += amount;
      });
      return work;
    };
    expect(workOf("FREQ=YEARLY;COUNT=100")).toBe(200);
    expect(workOf("FREQ=YEARLY;BYMONTH=11;BYDAY=4TH;COUNT=100")).toBeLessThanOrEqual(600);
    expect(workOf("FREQ=DAILY;BYMONTH=11;BYMONTHDAY=23;COUNT=100")).toBe(200);
  });

  it("refuses by name what lies after the last year that is looked at", () => {
    const messages = (...lines: string[]) =>
      readHolidayEvents(ics(["SUMMARY:Far", ...lines])).problems.map(
        ({ line, message }) => `${line} ${message}`,
      );
    const tooLate = "and no holiday after 2199 is looked for";
    expect(messages("DTSTART:22000101")).toEqual([`5 "Far": DTSTART is 2200-01-01, ${tooLate}`]);
    expect(messages("DTSTART:99991231")).toEqual([`5 "Far": DTSTART is 9999-12-31, ${tooLate}`]);
    expect(messages("DTSTART:20260101", "RDATE:22000101")).toEqual([
      `6 "Far": RDATE is 2200-01-01, ${tooLate}`,
    ]);
    expect(messages("DTSTART:21991231", "RRULE:FREQ=YEARLY;UNTIL=99991231", "EXDATE:99991231")).toEqual([]);
  });

  it("says up to when a calendar goes", () => {
    const last = (...events: string[][]) => lastHoliday(readHolidayEvents(ics(...events)).events ?? []);
    expect(last()).toBeNull();
    expect(last(["DTSTART:20231225", "DTEND:20231227"], ["DTSTART:20230101"])).toBe("2023-12-26");
    expect(last(["DTSTART:20200101", "RRULE:FREQ=YEARLY;COUNT=3"])).toBe("2022-01-01");
    expect(last(["DTSTART:20200101", "RRULE:FREQ=YEARLY"])).toBe("ever");
    expect(last(["DTSTART:20200229", "RRULE:FREQ=YEARLY"])).toBe("ever");
    expect(last(["DTSTART:20200101", "RRULE:FREQ=YEARLY;UNTIL=99991231"])).toBe("ever");
    expect(last(["DTSTART:20200101", "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"])).toBe("2020-01-01");
    expect(last(["DTSTART:20200101", "RRULE:FREQ=DAILY;INTERVAL=7;BYDAY=TH"])).toBe("2020-01-01");
    expect(last(["DTSTART:20200101", "RRULE:FREQ=YEARLY;UNTIL=20251130"])).toBe("2025-01-01");
    expect(last(["DTSTART:20200101", "RRULE:FREQ=YEARLY;COUNT=3", "EXDATE:20220101"])).toBe("2021-01-01");
    expect(last(["DTSTART:20200101", "RDATE:20300101", "EXDATE:20300101"])).toBe("2020-01-01");
    expect(last(["DTSTART:20200101", "EXDATE:20200101"])).toBeNull();
  });

  it("goes up to the last day that a search through all of them finds", () => {
    const rule = fc.record({
      frequency: fc.constantFrom("YEARLY", "MONTHLY", "WEEKLY", "DAILY"),
      interval: fc.integer({ min: 1, max: 9 }),
      until: fc.integer({ min: 0, max: 5000 }),
      part: fc.constantFrom("", ";BYMONTH=2", ";BYDAY=MO,TH", ";BYMONTH=2,11;BYDAY=FR"),
    });
    const days = fc.array(fc.integer({ min: 0, max: 800 }), { maxLength: 40 });
    fc.assert(
      fc.property(rule, days, fc.integer({ min: 1, max: 5 }), (written, excepted, length) => {
        const start = parseCivilDay("2020-01-30") ?? 0;
        const toDate = (day: number) => isoDate(day).replaceAll("-", "");
        const lines = [
          `DTSTART:${toDate(start)}`,
          `DURATION:P${length}D`,
          `RRULE:FREQ=${written.frequency};INTERVAL=${written.interval};UNTIL=${toDate(start + written.until)}${written.part}`,
          ...excepted.map((day) => `EXDATE:${toDate(start + day)}`),
        ];
        const { events } = readHolidayEvents(ics(lines));
        const all = [...holidaysBetween(events ?? [], "2020-01-01", "2040-12-31").keys()].toSorted();
        expect(lastHoliday(events ?? [])).toBe(all.at(-1) ?? null);
      }),
      { numRuns: 100 },
    );
  });
});

const CONFIG = `version: 1
history_start: 2026-01-01
pipelines:
  - { uuid: 7b1c0f7e-0000-4000-8000-000000000001, name: orders }
agreements:
  - agreement: daily
    title: Daily
    timezone: Europe/Berlin
    calendar: { holidays: ./de.ics }
    objectives:
      - { id: by-six, pipeline: orders, deadline: { by: "06:00", on: workdays }, target: 98% }
    report: { to: [a@acme.example] }
`;

const DE = ics(
  ["SUMMARY:Christmas Eve (half day)", "DTSTART:20261224"],
  ["SUMMARY:Christmas", "DTSTART:20261225"],
  ["SUMMARY:New Year", "DTSTART:20260101", "RRULE:FREQ=YEARLY"],
);

async function load(holidays: string, calendar = DE) {
  const config = await parseConfig(
    CONFIG.replace("./de.ics", holidays),
    "runledger.yaml",
    async () => calendar,
  );
  const [agreement] = config.agreements;
  if (!agreement) throw new Error("there is one");
  const dates = [
    ...holidaysBetween(agreement.calendar.holidays?.events ?? [], "2026-12-01", "2027-01-31").keys(),
  ];
  return { dates: dates.toSorted(), hash: definitionHash(agreement), warnings: config.warnings };
}

describe("calendars in the configuration", () => {
  it("may be of some events only", async () => {
    const all = ["2026-12-24", "2026-12-25", "2027-01-01"];
    expect((await load("./de.ics")).dates).toEqual(all);
    expect((await load("[./de.ics]")).dates).toEqual(all);
    expect((await load('[{ file: ./de.ics, except: ["Christmas Eve (half day)"] }]')).dates).toEqual(
      all.slice(1),
    );
    expect((await load("[{ file: ./de.ics, only: [Christmas] }, ./more.ics]", DE)).dates).toEqual(all);
    expect((await load("[{ file: ./de.ics, only: [Christmas, New Year] }]")).dates).toEqual(all.slice(1));
  });

  it("may leave out an event that cannot be followed, and a cancelled one", async () => {
    const odd = DE.replace("FREQ=YEARLY", "FREQ=SECONDLY");
    const { dates, warnings } = await load("[{ file: ./de.ics, except: [New Year] }]", odd);
    expect(dates).toEqual(["2026-12-24", "2026-12-25"]);
    expect(warnings).toEqual([]);
    expect((await load("[{ file: ./de.ics, only: [Christmas] }]", odd)).dates).toEqual(["2026-12-25"]);
    const cancelled = odd.replace("SUMMARY:New Year", "STATUS:CANCELLED\r\nSUMMARY:New Year");
    expect((await load("./de.ics", cancelled)).dates).toEqual(["2026-12-24", "2026-12-25"]);
  });

  it("promise something else with other days, and the same with other stamps and names", async () => {
    const hash = async (...of: Parameters<typeof load>) => (await load(...of)).hash;
    const before = await hash("./de.ics");
    expect(await hash("[./de.ics]")).toBe(before);
    expect(
      await hash(
        "./de.ics",
        DE.replace("SUMMARY:Christmas\r\n", "DTSTAMP:20260102T030405Z\r\nUID:9\r\nSUMMARY:Weihnachten\r\n"),
      ),
    ).toBe(before);
    expect(await hash("[{ file: ./de.ics, except: [Christmas] }]")).not.toBe(before);
    expect(await hash("./de.ics", DE.replace("RRULE", "EXDATE:20270101\r\nRRULE"))).not.toBe(before);
    expect(await hash("./de.ics", DE.replace("RRULE", "RDATE:20270102\r\nRRULE"))).not.toBe(before);
  });

  it("are warned of where nothing counts, and where a name is none", async () => {
    const messages = async (...of: Parameters<typeof load>) =>
      (await load(...of)).warnings.map(({ message, position }) => `${position?.line}: ${message}`);
    expect(await messages("./de.ics")).toEqual([]);
    expect(await messages("./de.ics", ics())).toEqual([
      '9: "./de.ics" has no event that is whole days: it makes no day a holiday',
    ]);
    expect(await messages("[{ file: ./de.ics, except: [Christmass] }]")).toEqual([
      '9: "./de.ics" has no event named "Christmass": did you mean "Christmas"?',
    ]);
    const inLines = `[{
        file: ./de.ics,
        only: [
          Christmas,
          Eastre],
        except: [
          New Year,
          Yule] }]`;
    expect(await messages(inLines)).toEqual([
      '13: "./de.ics" has no event named "Eastre"',
      '16: "./de.ics" has no event named "Yule"',
    ]);
  });

  it.each(["{ file: ./de.ics }", "5", "[5]", "[[./de.ics]]"])(
    "written as %s: says what to write",
    async (holidays) => {
      await expect(load(holidays)).rejects.toThrow(
        /runledger\.yaml:9:\d+: .* is not a holiday calendar: write a path, \.\/de-by\.ics, or /u,
      );
    },
  );

  it("are named by a path that leads to them from where the configuration's does", async () => {
    const text = CONFIG.replace("./de.ics", "../calendars/de.ics");
    const read = parseConfig(text, "conf/site/runledger.yaml", async () => ics(["SUMMARY:Odd"]));
    await expect(read).rejects.toThrow('conf/calendars/de.ics:3:1: "Odd": the event has no DTSTART');
  });

  it("are refused with the line of the calendar's own file", async () => {
    const broken = DE.replace("FREQ=YEARLY", "FREQ=SECONDLY").replace("DTSTART:20261225", "DTSTART:tomorrow");
    await expect(load("./de.ics", broken)).rejects.toThrow(
      new ConfigError([
        {
          file: "./de.ics",
          position: { line: 9, column: 1 },
          message: '"Christmas": DTSTART:tomorrow is not a date',
        },
        {
          file: "./de.ics",
          position: { line: 14, column: 1 },
          message: '"New Year": cannot follow its RRULE: FREQ=SECONDLY makes no sense of whole days',
        },
      ]).message,
    );
    // Also of an event that is left out where the file is named first.
    await expect(load('[{ file: ./de.ics, except: ["New Year"] }, ./de.ics]', broken)).rejects.toThrow(
      "FREQ=SECONDLY",
    );
    await expect(load("./de.ics", DE.slice(0, -20))).rejects.toThrow("was cut short");
    await expect(load("./de.ics", ics(["SUMMARY:Odd"]))).rejects.toThrow(
      './de.ics:3:1: "Odd": the event has no DTSTART',
    );
  });
});

describe("what is asked about at load", () => {
  const text = (from: string, to: string) => CONFIG.replace(from, to);
  const read = (yaml: string) =>
    parseConfig(yaml, "runledger.yaml", async () => DE, new Date("2026-06-01T00:00:00Z"));
  const warned = async (yaml: string) =>
    (await read(yaml)).warnings.map(
      ({ message, position }) => `${position?.line}:${position?.column} ${message}`,
    );

  it("a target that most may miss", async () => {
    expect(await warned(text("98%", "0.98%"))).toEqual([
      "11:90 a target of 0.98 % is met when most fails: is 98 % meant?",
    ]);
    expect(await warned(text("98%", "2%"))).toEqual([
      "11:90 a target of 2 % is met when most fails: is 98 % meant?",
    ]);
    expect(await warned(text("98%", "1%"))).toEqual([
      "11:90 a target of 1 % is met when most fails: is 99 % meant?",
    ]);
    expect(await warned(text("98%", "0.1%"))).toEqual([
      "11:90 a target of 0.1 % is met when most fails: is 99.9 % meant?",
    ]);
    expect(await warned(text("98%", "50%"))).toEqual([]);
  });

  it("nobody to tell", async () => {
    expect(await warned(text("[a@acme.example]", "[]"))).toEqual([
      expect.stringContaining("12:19 nobody gets this report"),
    ]);
    expect(await warned(text("to: [a@acme.example]", "to: [], failures_to: [a@acme.example]"))).toEqual([]);
  });

  it("an exclusion before the agreement is in force", async () => {
    const exclusion = (to: string) =>
      text(
        "    objectives:",
        `    exclusions: [{ from: 2025-12-01 22:00, to: ${to}, reason: x }]\n    objectives:`,
      );
    expect(await warned(exclusion("2025-12-02 02:00"))).toEqual([expect.stringContaining("10:")]);
    // Thursday 1 January: the first whole week, in Berlin, is that of the 5th.
    expect(await warned(exclusion("2026-01-05 00:00"))).toEqual([
      expect.stringMatching(/^10:.*from 2026-01-05: it changes no verdict$/u),
    ]);
    expect(await warned(exclusion("2026-01-05 00:01"))).toEqual([]);
    const later = exclusion("2026-01-12 00:00").replace(
      "    exclusions",
      "    effective_from: 2026-01-06\n    exclusions",
    );
    expect(await warned(later)).toEqual([expect.stringContaining("from 2026-01-12")]);
    const earlier = later
      .replace("2026-01-06", "2025-06-02")
      .replace("history_start: 2026-01-01", "history_start: 2026-01-05");
    // Of the week of 5 January in Berlin the first hour is not recorded.
    expect(await warned(earlier)).toEqual([expect.stringContaining("from 2026-01-12")]);
    expect(await warned(earlier.replace("2026-01-12 00:00", "2026-01-12 00:01"))).toEqual([]);
  });

  it("an exclusion on a date that the clocks skip", async () => {
    const inApia = (from: string, to: string) =>
      text(
        "    objectives:",
        `    timezone: Pacific/Apia\n    exclusions: [{ from: ${from}, to: ${to}, reason: x }]\n    objectives:`,
      )
        .replace("    timezone: Europe/Berlin\n", "")
        .replace("history_start: 2026-01-01", "history_start: 2011-01-01");
    expect(await warned(inApia("2011-12-30 08:00", "2011-12-30 12:00"))).toEqual([
      expect.stringContaining("it lies on a date that the clocks of Pacific/Apia skip: it excludes nothing"),
    ]);
    expect(await warned(inApia("2011-12-30 12:00", "2011-12-31 08:00"))).toEqual([]);
    expect(await warned(inApia("2011-12-29 12:00", "2011-12-30 08:00"))).toEqual([]);
  });

  it("an exclusion that the clocks turn round, and a history in the future: refused", async () => {
    await expect(
      read(
        text(
          "    objectives:",
          "    exclusions: [{ from: 2026-03-29 02:45, to: 2026-03-29 03:15, reason: x }]\n    objectives:",
        ),
      ),
    ).rejects.toThrow(/runledger\.yaml:10:\d+: the clocks of Europe\/Berlin skip/u);
    await expect(read(text("2026-01-01", "2026-06-02"))).rejects.toThrow(
      /runledger\.yaml:2:16: the history would start in the future/u,
    );
    await read(text("2026-01-01", "2026-06-01"));
  });
});
