import { appendFile, readFile } from "node:fs/promises";
import { join } from "node:path";
import { simpleParser } from "mailparser";
import readWorkbook from "read-excel-file/node";
import { expect, test } from "vitest";
import { explain } from "../src/commands/explain.ts";
import { weekly } from "../src/commands/weekly.ts";
import { createWorld, ORDERS, type World } from "./weekly-fixture.ts";

/** Of Tuesday 17 March three runs of two rows each are missing, one of them failed. */
async function createDoubt(figures = "24, 27, 1, 2, 48, 54"): Promise<World> {
  const world = await createWorld();
  await world.history.pool.query(`
    delete from runledger.runs where finished_at >= '2026-03-17' and finished_at < '2026-03-18';
    insert into runledger.runs
    select '${ORDERS}', gen_random_uuid(), at - interval '5 min', at, 300000, 300000, null, 2, (n = 0)::int, n > 0, null
    from (select n, timestamptz '2026-03-17 00:10Z' + n * interval '1 hour' as at from generate_series(0, 23) n) hours;
    insert into runledger.coverage (pipeline_uuid, day, state, checked_at, stored_runs, source_runs, stored_failures,
                                    source_failures, stored_task_runs, source_task_runs)
    values ('${ORDERS}', '2026-03-17', 'disputed', '2026-03-23', ${figures})`);
  return world;
}

const doubt = "missed, whatever the 3 runs not seen were (UTC 2026-03-17): ";

test("names the doubt in mail, workbook, terminal and database", async () => {
  await using world = await createDoubt();
  const context = { ...world.context(), isJson: false };
  await weekly(context, { out: world.folder });
  // In a narrow column.
  expect(context.printed()).toMatch(
    /missed, whatever the 3 runs not[^~]*seen were \(UTC 2026-03-17\): 7 to 8/u,
  );
  expect(context.printed()).toContain(
    "orders: stored runs disagree with the source on 2026-03-17 (UTC); not seen: 3 runs.",
  );
  const { rows } = await world.history.pool.query(
    "select verdict, attained, good, total, reason from runledger.sla_results where objective = 'succeeds'",
  );
  expect(rows).toMatchObject([{ verdict: "missed", reason: expect.stringContaining(doubt) }]);
  expect(rows[0]?.attained).toBe(rows[0]?.good / rows[0]?.total);
  const file = (ending: string) => readFile(join(world.folder, `finance-2026-W12-r1.${ending}`));
  const { text, html } = await simpleParser(await file("eml"));
  expect(text?.replaceAll(/\s+/gu, " ")).toContain("attained by what is stored, target 98%");
  const said = "Missed, whatever the 3 runs not seen were (UTC 2026-03-17)";
  expect(text?.replaceAll(/\s+/gu, " ")).toContain(said);
  expect((html || "").replaceAll(/\s+/gu, " ")).toContain(said);
  const sheets = new Map((await readWorkbook(await file("xlsx"))).map(({ sheet, data }) => [sheet, data]));
  expect(sheets.get("Objectives")?.flat()).toContainEqual(expect.stringContaining(doubt));
  expect(sheets.get("Method")?.flat()).toContainEqual(expect.stringContaining("not seen: 3 runs."));
});

test("gives the doubt as figures, and explains it", async () => {
  await using world = await createDoubt();
  const context = world.context();
  await weekly(context, { out: world.folder });
  const [{ objectives, notes }] = JSON.parse(context.printed());
  const { total } = objectives[0];
  expect(objectives[0]).toMatchObject({
    reasonKind: "in_doubt",
    doubt: {
      days: ["2026-03-17"],
      runs: 3,
      rows: 6,
      best: { good: total + 3 - 7, total: total + 3, attained: (total - 4) / (total + 3) },
      worst: { good: total + 3 - 8, total: total + 3 },
    },
  });
  expect(notes).toMatchObject([{ kind: "disputed", unseen: { runs: 3, rows: 6 } }]);
  const explained = { ...world.context(), isJson: false };
  await explain(explained, { week: "2026-W12" }, ["finance", "succeeds"]);
  expect(explained.printed()).toContain("That is by the rows that are stored.");
  expect(explained.printed()).toContain("Verdict: missed. Missed, whatever the 3 runs not seen were");
});

test("names the doubt in German", async () => {
  await using world = await createDoubt();
  await appendFile(join(world.folder, "runledger.yaml"), "language: de-DE\n");
  await weekly(world.context(), { out: world.folder });
  const { text } = await simpleParser(await readFile(join(world.folder, "finance-2026-W12-r1.eml")));
  expect(text?.replaceAll(/\s+/gu, " ")).toContain(
    "Verfehlt, wie auch immer die 3 nicht gesehenen Läufe ausgingen (UTC-Tage: 17. März 2026): von „7 von 170 Läufen",
  );
});

test("makes the next revision when the doubt is gone, though no figure changes", async () => {
  await using world = await createDoubt("24, 24, 1, 1, 48, 49");
  await weekly(world.context(), { out: world.folder });
  await weekly(world.context(), { out: world.folder });
  await world.history.pool.query("update runledger.coverage set state = 'proven', source_task_runs = 48");
  await weekly(world.context(), { out: world.folder });
  const { rows } = await world.history.pool.query(
    "select revision, verdict, reason, causes from runledger.sla_results join runledger.reports using (agreement, week, revision) where objective = 'succeeds' order by revision",
  );
  expect(rows).toMatchObject([
    { revision: 1, verdict: "missed", reason: expect.stringContaining("whatever the 1 row not seen was") },
    { revision: 2, verdict: "missed", reason: expect.not.stringContaining("whatever"), causes: ["coverage"] },
  ]);
});

test("makes the next revision when other runs turn out to be missing", async () => {
  await using world = await createDoubt("24, 24, 1, 1, 48, 49");
  await weekly(world.context(), { out: world.folder });
  await world.history.pool.query("update runledger.coverage set source_task_runs = 50");
  const context = world.context();
  await weekly(context, { out: world.folder });
  expect(JSON.parse(context.printed())).toMatchObject([{ revision: 2, causes: ["coverage"] }]);
});

test.each([
  ["are of rows stored otherwise by now", "23, 27, 1, 2, 48, 54"],
  ["have fewer runs than are stored", "24, 23, 1, 1, 48, 48"],
  ["have no success, and the tasks do not bear it out", "24, 27, 1, 27, 48, 54"],
])("gives no verdict where the ledger's figures %s", async (_, figures) => {
  await using world = await createDoubt(figures);
  const context = world.context();
  await weekly(context, { out: world.folder });
  expect(JSON.parse(context.printed())[0].objectives[0]).toMatchObject({ verdict: "insufficient_data" });
});

test("believes a day without a success where the tasks have as many failures", async () => {
  await using world = await createDoubt("24, 27, 1, 27, 48, 54");
  await world.history.pool.query(
    `insert into runledger.period_stats (subject_kind, pipeline_uuid, subject_uuid, period, date_from, date_to,
                                         num_of_successes, num_of_failures, average_duration_ms, fetched_at)
     values ('task', '${ORDERS}', '1f0d3b52-0000-4000-8000-000000000002', 'day', '2026-03-17Z', '2026-03-18Z', 27, 27, 1, now())`,
  );
  const context = world.context();
  await weekly(context, { out: world.folder });
  expect(JSON.parse(context.printed())[0].objectives[0]).toMatchObject({
    verdict: "missed",
    reason: expect.stringContaining("whatever the 3 runs not seen were"),
  });
});
