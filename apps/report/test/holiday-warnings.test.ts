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

test("says nothing of one that goes on", async () => {
  await using world = await createWorld();
  await withHolidays(world, FOR_EVER);
  expect(await checked(world)).not.toContain("de.ics");
  expect(await onMethod(world)).toEqual([]);
});
