import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import readWorkbook from "read-excel-file/node";
import type { Context } from "@runledger/cli";
import { expect, test } from "vitest";
import { check } from "../src/commands/check.ts";
import { weekly } from "../src/commands/weekly.ts";
import { createWorld, type World } from "./weekly-fixture.ts";

const ENDED = [
  "BEGIN:VCALENDAR",
  "BEGIN:VEVENT",
  "DTSTART:20231226",
  "SUMMARY:Boxing Day",
  "END:VEVENT",
  "END:VCALENDAR",
];
const EMPTY = ["BEGIN:VCALENDAR", "END:VCALENDAR"];
const FOR_EVER = ENDED.with(2, "DTSTART:20231226\r\nRRULE:FREQ=YEARLY");

async function withHolidays(world: World, lines: string[]): Promise<void> {
  await writeFile(join(world.folder, "de.ics"), lines.join("\r\n"));
  const path = join(world.folder, "runledger.yaml");
  const config = await readFile(path, "utf8");
  if (config.includes("de.ics")) return;
  await writeFile(
    path,
    config.replace("    objectives:", "    calendar: { holidays: ./de.ics }\n    objectives:"),
  );
}

/** What the sheet `Method` says about holidays. */
async function onMethod(world: World): Promise<string[]> {
  const context = world.context();
  await weekly(context, { out: world.folder });
  const [{ files }] = JSON.parse(context.printed());
  const sheets = await readWorkbook(files.workbook);
  const rows = sheets.find(({ sheet }) => sheet === "Method")?.data ?? [];
  return rows.filter(([about]) => about === "Holidays").map(([, explanation]) => String(explanation));
}

async function checked(world: World): Promise<string> {
  let said = "";
  const log = { warn: (message: string) => (said += message) };
  // Of the log, check uses no more.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  await check({ ...world.context(), log: log as unknown as Context["log"] }, {});
  return said;
}

test("warns of a calendar that has come to its end, in check and on the report", async () => {
  await using world = await createWorld();
  await withHolidays(world, ENDED);
  expect(await checked(world)).toContain('"./de.ics" has no holiday after 2023-12-26');
  expect(await onMethod(world)).toEqual([
    "The holiday calendar has no day after 2023-12-26: days of this week that are holidays count as ordinary days.",
  ]);
});

test("warns of a calendar that makes no day a holiday", async () => {
  await using world = await createWorld();
  await withHolidays(world, EMPTY);
  expect(await checked(world)).toContain('"./de.ics" has no event that is whole days');
  expect(await onMethod(world)).toEqual(["The holiday calendar makes no day a holiday."]);
});

test("judges each of several calendars by itself", async () => {
  await using world = await createWorld();
  await withHolidays(world, FOR_EVER);
  const path = join(world.folder, "runledger.yaml");
  const config = await readFile(path, "utf8");
  await writeFile(path, config.replace("./de.ics", "[./de.ics, ./ended.ics, ./empty.ics]"));
  await writeFile(join(world.folder, "ended.ics"), ENDED.join("\r\n"));
  await writeFile(join(world.folder, "empty.ics"), EMPTY.join("\r\n"));
  expect(await onMethod(world)).toEqual([
    "The holiday calendar ./ended.ics has no day after 2023-12-26: days of this week that are holidays count as ordinary days.",
    "The holiday calendar ./empty.ics makes no day a holiday.",
  ]);
});

test("says nothing of one that goes on", async () => {
  await using world = await createWorld();
  await withHolidays(world, FOR_EVER);
  expect(await checked(world)).not.toContain("de.ics");
  expect(await onMethod(world)).toEqual([]);
});

/** Of the kinds that earlier versions accepted. */
test.each([
  "RRULE:FREQ=WEEKLY;BYDAY=MO,TU;BYSETPOS=1",
  "RRULE:FREQ=DAILY;COUNT=20000",
  "DTEND;VALUE=DATE:20350101",
])("gives no verdict on days by recorded holidays that are refused today: %s", async (line) => {
  await using world = await createWorld();
  await withHolidays(world, FOR_EVER);
  const path = join(world.folder, "runledger.yaml");
  const config = await readFile(path, "utf8");
  await writeFile(
    path,
    config.replace(
      "    report:",
      `      - { id: by-noon, pipeline: orders, deadline: { by: "00:05", on: workdays, opens: "00:00" }, target: 98% }
      - { id: busy, pipeline: orders, volume: { per: day, at_least: 25, on: workdays }, target: 98% }
      - { id: daily, pipeline: orders, volume: { per: day, at_least: 1, on: daily }, target: 98% }
    report:`,
    ),
  );
  await weekly(world.context(), { out: world.folder });
  await world.history.pool.query(
    "truncate runledger.incidents, runledger.sla_results, runledger.reports cascade",
  );
  const text = ENDED.toSpliced(3, 0, line).join("\r\n");
  await world.history.pool.query(
    `update runledger.definitions
     set definition_hash = 'older', definition = jsonb_set(definition::jsonb, '{calendar,holidays}', to_jsonb($1::text))`,
    [text],
  );
  expect(await onMethod(world)).toEqual([
    expect.stringMatching(
      /^The holidays of this week's definition cannot all be worked out any more.*"Boxing Day"/u,
    ),
  ]);
  const context = world.context();
  await weekly(context, { out: world.folder });
  const unknown = { verdict: "insufficient_data", reasonKind: "holidays_unknown", attained: null };
  expect(JSON.parse(context.printed())[0].objectives.slice(-3)).toMatchObject([
    unknown,
    unknown,
    { verdict: "met" },
  ]);
  const { rows } = await world.history.pool.query(
    "select from runledger.incidents where objective in ('by-noon', 'busy')",
  );
  expect(rows).toEqual([]);
});
