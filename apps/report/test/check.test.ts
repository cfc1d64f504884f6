import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { exitCode } from "@runledger/cli";
import { parseConfig } from "@runledger/config";
import { expect, test } from "vitest";
import { check } from "../src/commands/check.ts";
import { outlookOf } from "../src/check/upcoming.ts";
import { createWorld, ORDERS } from "./weekly-fixture.ts";

const HOLIDAYS = `BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20200101T000000Z\r
DTSTART;VALUE=DATE:20200403\r\nRRULE:FREQ=YEARLY\r\nSUMMARY:Foundation day\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n`;

async function agreement() {
  const text = `
version: 1
history_start: 2026-01-01
pipelines: [{ uuid: ${ORDERS}, name: orders }]
agreements:
  - agreement: finance
    title: Finance close
    timezone: Europe/Berlin
    calendar: { workdays: mon-fri, holidays: ./holidays.ics }
    exclusions:
      - { from: 2026-03-30 00:00, to: 2026-03-30 12:00, reason: Move, approved_by: board }
      - { every: "sun 02:00", for: 2h, reason: Maintenance }
    objectives:
      - { id: by-six, pipeline: orders, deadline: { by: "02:30", on: workdays, grace: 10m }, target: 99% }
    report: { to: [a@acme.example] }
`;
  const config = await parseConfig(text, "runledger.yaml", async () => HOLIDAYS);
  const [first] = config.agreements;
  if (!first) throw new Error("no agreement");
  return first;
}

test("shows the next five deadlines over the change of clocks, holidays and excused days", async () => {
  const { deadlines, holidays } = outlookOf(await agreement(), new Date("2026-03-27T03:00:00Z"));
  expect(deadlines).toMatchObject([
    {
      objective: "by-six",
      occurrences: [
        // Friday the 27th is over; from Sunday the 29th on Berlin is two hours ahead of UTC.
        { date: "2026-03-30", due: new Date("2026-03-30T00:40:00Z"), excused: "Move" },
        { date: "2026-03-31", due: new Date("2026-03-31T00:40:00Z"), excused: null },
        { date: "2026-04-01", due: new Date("2026-04-01T00:40:00Z"), excused: null },
        { date: "2026-04-02", due: new Date("2026-04-02T00:40:00Z"), excused: null },
        { date: "2026-04-06", due: new Date("2026-04-06T00:40:00Z"), excused: null },
      ],
    },
  ]);
  expect(holidays).toEqual([{ date: "2026-04-03", name: "Foundation day" }]);
});

test("shows what is excluded in the next four weeks", async () => {
  const { exclusions } = outlookOf(await agreement(), new Date("2026-03-27T03:00:00Z"));
  expect(exclusions.map(({ reason }) => reason)).toEqual([
    "Maintenance",
    "Move",
    "Maintenance",
    "Maintenance",
    "Maintenance",
  ]);
});

test("prints each deadline in local time and UTC, with its grace", async () => {
  await using world = await createWorld();
  const config = await readFile(join(world.folder, "runledger.yaml"), "utf8");
  const deadline = `{ id: due, pipeline: orders, deadline: { by: "06:00", on: daily, grace: 10m }, target: 90% }`;
  await writeFile(
    join(world.folder, "runledger.yaml"),
    config.replace("    report:", `      - ${deadline}\n    report:`),
  );
  const context = { ...world.context({}, new Date("2026-03-27T12:00:00Z")), isJson: false };
  await check(context, {});
  expect(context.printed()).toContain(
    [
      "  Next deadlines of due",
      "    Sat 28 Mar 2026, 06:00  (2026-03-28 05:00 UTC), grace 10 min",
      "    Sun 29 Mar 2026, 06:00  (2026-03-29 04:00 UTC), grace 10 min",
      "    Mon 30 Mar 2026, 06:00  (2026-03-30 04:00 UTC), grace 10 min",
      "    Tue 31 Mar 2026, 06:00  (2026-03-31 04:00 UTC), grace 10 min",
      "    Wed 1 Apr 2026, 06:00  (2026-04-01 04:00 UTC), grace 10 min",
      "  Excluded in the next four weeks: nothing",
      "  Holidays in the next four weeks: none",
      "  2026-W12 as it would be scored: ",
    ].join("\n"),
  );
});

test("scores last week without storing anything", async () => {
  await using world = await createWorld();
  const context = { ...world.context(), isJson: false };
  expect(await check(context, {})).toBe(exitCode.done);
  const printed = context.printed();
  expect(printed).toContain("runledger.yaml is valid (pipelines: 1, agreements: 1).");
  expect(printed).toContain("2026-W12 as it would be scored: 1 of 2 missed");
  const { rows } = await world.history.pool.query("select from runledger.sla_results");
  expect(rows).toEqual([]);
});

test("refuses a broken configuration before it looks at the history", async () => {
  await using world = await createWorld();
  await writeFile(join(world.folder, "runledger.yaml"), "version: 1\nnonsense: true\n");
  await expect(check(world.context({ DATABASE_URL: "postgres://127.0.0.1:1/x" }), {})).rejects.toThrow(
    /runledger\.yaml:2:1/u,
  );
});
