import { expect, test } from "vitest";
import {
  appliesFromWeek,
  definitionHash,
  definitionOf,
  recordedDefinition,
  parseConfig,
  underDefinition,
  type Agreement,
  type RunledgerConfig,
} from "../src/index.ts";

const CONFIG = `version: 1
history_start: 2026-01-01
pipelines:
  - { uuid: 7b1c0f7e-0000-4000-8000-000000000001, name: orders }
agreements:
  - agreement: daily
    title: Daily
    timezone: Europe/Berlin
    calendar: { workdays: mon-fri, holidays: ./de.ics }
    exclusions: [{ every: "sun 02:00", for: 2h, reason: Maintenance }]
    objectives:
      - { id: by-six, pipeline: orders, deadline: { by: "06:00", on: workdays }, target: 98% }
    report: { to: [a@acme.example] }
`;

const NEW_YEAR = ["UID:1", "DTSTAMP:20260101T000000Z", "SUMMARY:New Year", "DTSTART;VALUE=DATE:20260101"];
const MAY_DAY = ["UID:2", "SUMMARY:May Day", "DTSTART;VALUE=DATE:20260501", "RRULE:FREQ=YEARLY"];

function ics(...events: string[][]): string {
  const lines = events.flatMap((event) => ["BEGIN:VEVENT", ...event, "END:VEVENT"]);
  return ["BEGIN:VCALENDAR", ...lines, "END:VCALENDAR", ""].join("\r\n");
}

async function read(
  text = CONFIG,
  holidays = ics(NEW_YEAR, MAY_DAY),
): Promise<{ config: RunledgerConfig; agreement: Agreement }> {
  const config = await parseConfig(text, "runledger.yaml", async () => holidays);
  const [agreement] = config.agreements;
  if (agreement === undefined) throw new Error("no agreement");
  return { config, agreement };
}

async function hashOf(text?: string, holidays?: string): Promise<string> {
  return definitionHash((await read(text, holidays)).agreement);
}

test.each([
  ["title", CONFIG.replace("title: Daily", "title: Nightly")],
  ["name of the pipeline", CONFIG.replaceAll("orders", "sales")],
  ["recipients", CONFIG.replace("a@acme", "b@acme")],
  ["exclusions", CONFIG.replace("sun 02:00", "sat 02:00")],
  ["path of the holidays", CONFIG.replace("./de.ics", "./de-by.ics")],
])("is the same whatever the %s", async (_, text) => {
  expect(await hashOf(text)).toBe(await hashOf());
});

test.each([
  ["timezone", CONFIG.replace("Europe/Berlin", "Europe/London")],
  ["first day in force", CONFIG.replace("history_start: 2026-01-01", "history_start: 2026-01-02")],
  ["workdays", CONFIG.replace("mon-fri", "mon-thu")],
  ["pipeline", CONFIG.replace("000001,", "000002,")],
  ["target", CONFIG.replace("98%", "99%")],
  ["measure", CONFIG.replace("06:00", "06:30")],
])("is another with another %s", async (_, text) => {
  expect(await hashOf(text)).not.toBe(await hashOf());
});

test("takes of a holiday calendar only which days it makes holidays, by which rules", async () => {
  const renamed = NEW_YEAR.map((line) => line.replace("UID:1", "UID:9").replace("New Year", "Neujahr"));
  const meeting = ["UID:3", "SUMMARY:Meeting", "DTSTART:20260301T100000Z"];
  expect(await hashOf(CONFIG, ics(MAY_DAY, meeting, renamed))).toBe(await hashOf());
  expect(await hashOf(CONFIG, ics(MAY_DAY))).not.toBe(await hashOf());
  expect(await hashOf(CONFIG, ics(NEW_YEAR, MAY_DAY.slice(0, -1)))).not.toBe(await hashOf());
});

test("makes the same promise again after a database has kept it", async () => {
  const { config, agreement } = await read();
  const { objectives, ...rest } = definitionOf(agreement);
  const kept = structuredClone({
    objectives: objectives.map((objective) => reversed(objective)),
    ...reversed(rest),
  });
  const changed = await read(CONFIG.replace("98%", "99%").replace("title: Daily", "title: Nightly"));
  const again = underDefinition(changed.agreement, kept, config.pipelines);
  expect(definitionHash(again)).toBe(definitionHash(agreement));
  expect(again).toMatchObject({ title: "Nightly", objectives: agreement.objectives });
});

test("keeps the name of a pipeline that is no longer configured", async () => {
  const { agreement } = await read();
  const again = underDefinition(agreement, definitionOf(agreement), []);
  expect(again.objectives.map(({ pipeline }) => pipeline.name)).toEqual(["orders"]);
});

/** The same object with its keys the other way round. */
function reversed<T extends object>(value: T): T {
  return Object.assign(
    {},
    ...Object.entries(value)
      .toReversed()
      .map(([key, part]) => ({ [key]: part })),
  );
}

test.each([
  ["2026-03-18T12:00:00Z", null, "2026-W13"],
  ["2026-03-22T22:59:59Z", null, "2026-W13"],
  ["2026-03-22T23:00:00Z", null, "2026-W14"],
  ["2026-12-31T12:00:00Z", null, "2027-W01"],
  ["2026-03-18T12:00:00Z", "2026-W12", "2026-W13"],
  ["2026-03-18T12:00:00Z", "2026-W20", "2026-W21"],
])("applies, seen at %s with %s reported, from %s", (seenAt, reported, week) => {
  expect(appliesFromWeek(new Date(seenAt), "Europe/Berlin", reported)).toBe(week);
});

test("is read back as it was recorded, whatever it promises, and whatever else an earlier version put in", async () => {
  const more = `- { id: succeeds, pipeline: orders, success: {}, target: 98% }
      - { id: quick, pipeline: orders, duration: { at_most: 10m }, target: 98% }
      - { id: at-six, pipeline: orders, deadline: { by: "06:00", on: mon-wed }, target: 98% }
      - { id: fresh, pipeline: orders, freshness: { max_age: 26h }, target: 98% }
      - { id: busy, pipeline: orders, volume: { per: day, at_least: 1, on: daily }, target: 98% }
      - {`;
  const { agreement } = await read(CONFIG.replace("- { id: by-six", `${more} id: by-six`));
  const recorded = JSON.parse(JSON.stringify(definitionOf(agreement)));
  expect(recorded.objectives).toHaveLength(6);
  for (const value of [
    recorded,
    { ...recorded, calendar: { ...recorded.calendar, holidays: null, region: "BY" } },
  ]) {
    expect(recordedDefinition.parse(value)).toEqual(value);
  }
});
