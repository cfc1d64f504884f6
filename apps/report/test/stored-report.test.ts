import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { StoredValueError } from "@runledger/history";
import { expect, test } from "vitest";
import { weekly } from "../src/commands/weekly.ts";
import { printedWords, reportInputs } from "../src/store/stored-report.ts";
import { leavesOf, withLeaf } from "./json-leaves.ts";
import { createWorld, ORDERS, type World } from "./weekly-fixture.ts";

/** A report with every kind of objective, a note and an exclusion. */
async function reported(world: World): Promise<void> {
  const file = join(world.folder, "runledger.yaml");
  const more = `      - { id: by-noon, pipeline: orders, deadline: { by: "12:00", on: mon-fri }, target: 98% }
      - { id: fresh, pipeline: orders, freshness: { max_age: 26h }, target: 99% }
      - { id: busy, pipeline: orders, volume: { per: day, at_least: 20, on: workdays }, target: 98% }
    report:`;
  await writeFile(file, (await readFile(file, "utf8")).replace("    report:", more));
  await world.history.pool.query(
    `insert into runledger.coverage (pipeline_uuid, day, state, checked_at)
     values ('${ORDERS}', '2026-03-18', 'disputed', now())`,
  );
  await weekly(world.context(), { out: world.folder, week: "2026-W12" });
}

async function kept(world: World) {
  const { rows } = await world.history.pool.query<{ printed: unknown; inputs: unknown }>(
    "select printed, inputs from runledger.reports",
  );
  return rows[0] ?? { printed: null, inputs: null };
}

test("reads what a report keeps as it was written, and refuses it with any part of another type", async () => {
  await using world = await createWorld();
  await reported(world);
  const { printed, inputs } = await kept(world);
  for (const [schema, value] of [
    [printedWords, printed],
    [reportInputs, inputs],
  ] as const) {
    expect(schema.parse(value)).toEqual(value);
    const leaves = leavesOf(value);
    expect(leaves.length).toBeGreaterThan(3);
    const taken = leaves.filter((leaf) => schema.safeParse(withLeaf(value, leaf)).success);
    expect(taken).toEqual([]);
  }
});

test("reads what earlier versions kept less of", async () => {
  await using world = await createWorld();
  await reported(world);
  const { printed } = await kept(world);
  const { holidayGaps: _, ...older } = printedWords.parse(printed);
  expect(printedWords.parse(older)).toEqual(older);
  const gap = { kind: "ended", last: "2023-12-26" };
  expect(printedWords.parse({ ...older, holidayGaps: [gap] }).holidayGaps).toEqual([{ ...gap, file: null }]);
  expect(reportInputs.parse({ runs: {}, exclusions: "x", weeks: {} })).toMatchObject({ runs: {} });
});

test.each([
  ["printed", "{objectives,0,share,good}", /printed of revision 1 .*\(objectives\[0\]\.share\.good: /u],
  ["printed", "{exclusions,0,start}", /printed of revision 1 .*\(exclusions\[0\]\.start: /u],
  ["inputs", "{runs}", /inputs of revision 1 .*\(runs: /u],
])("names the row of which %s %s is not what was kept", async (column, path, message) => {
  await using world = await createWorld();
  await reported(world);
  await world.history.pool.query(
    `update runledger.reports set ${column} = jsonb_set(${column}, '${path}', '"much"')`,
  );
  const again = weekly(world.context(), { out: world.folder, week: "2026-W12" });
  await expect(again).rejects.toThrow(StoredValueError);
  await expect(again).rejects.toThrow(message);
  await expect(again).rejects.toThrow(
    /of 2026-W12 for agreement finance \(runledger\.reports\) cannot be read .*; restore that row from a backup$/u,
  );
});
