import { parseConfig, type Agreement } from "@runledger/config";
import { expect, test } from "vitest";
import { definitionFor, foreseeDefinition, recordDefinition, type RecordedDefinition } from "../src/index.ts";
import { createTestHistory, type TestHistory } from "../src/testing/test-history.ts";

const WEDNESDAY = new Date("2026-03-18T12:00:00Z");
const seen = { seenAt: WEDNESDAY, restatedFrom: null };

async function promising(target: string): Promise<Agreement> {
  const { agreements } = await parseConfig(
    `version: 1
history_start: 2026-01-01
pipelines: [{ uuid: 7b1c0f7e-0000-4000-8000-000000000001, name: orders }]
agreements:
  - agreement: daily
    title: Daily
    objectives: [{ id: succeeds, pipeline: orders, success: {}, target: ${target} }]
`,
    "runledger.yaml",
  );
  const [agreement] = agreements;
  if (agreement === undefined) throw new Error("no agreement");
  return agreement;
}

/** Which target, in percent, is promised for a week. */
function promised(definitions: readonly RecordedDefinition[], week: string): unknown {
  return definitionFor(definitions, week)?.definition.objectives[0]?.target.numerator;
}

async function count({ pool }: TestHistory): Promise<number> {
  const { rows } = await pool.query<{ count: number }>("select count(*) from runledger.definitions");
  return rows[0]?.count ?? 0;
}

test("has the first definition apply to all weeks, a changed one from the next week on", async () => {
  await using history = await createTestHistory();
  await recordDefinition(history, await promising("98%"), seen);
  const definitions = await recordDefinition(history, await promising("95%"), seen);
  const weeks = ["2025-W01", "2026-W12", "2026-W13"];
  expect(weeks.map((week) => promised(definitions, week))).toEqual([98, 98, 95]);
});

test("records a definition once, however many see it at once", async () => {
  await using history = await createTestHistory();
  const agreement = await promising("98%");
  await Promise.all([1, 2, 3].map(() => recordDefinition(history, agreement, seen)));
  expect(await count(history)).toBe(1);
});

test("takes a definition that is changed back for one more", async () => {
  await using history = await createTestHistory();
  for (const target of ["98%", "95%"]) {
    await recordDefinition(history, await promising(target), seen);
  }
  const definitions = await recordDefinition(history, await promising("98%"), seen);
  expect(await count(history)).toBe(3);
  expect(promised(definitions, "2026-W13")).toBe(98);
});

test("restates the weeks from the named one on", async () => {
  await using history = await createTestHistory();
  await recordDefinition(history, await promising("98%"), seen);
  await recordDefinition(history, await promising("95%"), seen);
  const restated = { seenAt: WEDNESDAY, restatedFrom: "2026-W10" };
  await recordDefinition(history, await promising("95%"), restated);
  const definitions = await recordDefinition(history, await promising("95%"), restated);
  expect(await count(history)).toBe(3);
  expect(["2026-W09", "2026-W10"].map((week) => promised(definitions, week))).toEqual([98, 95]);
});

test("leaves the weeks that were reported as they are", async () => {
  await using history = await createTestHistory();
  await recordDefinition(history, await promising("98%"), seen);
  await history.pool.query(
    `insert into runledger.reports (agreement, week, revision, as_of, definition_hash, content_hash,
                                    software_version, notes)
     values ('daily', '2026-W20', 1, now(), '', '', '', '{}')`,
  );
  const definitions = await recordDefinition(history, await promising("95%"), seen);
  expect(["2026-W20", "2026-W21"].map((week) => promised(definitions, week))).toEqual([98, 95]);
});

test("records nothing where it only foresees", async () => {
  await using history = await createTestHistory();
  expect(await foreseeDefinition(history, await promising("98%"), seen)).toMatchObject([
    { appliesFrom: null },
  ]);
  expect(await count(history)).toBe(0);
});
