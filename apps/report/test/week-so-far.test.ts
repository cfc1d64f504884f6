import { appendFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { exitCode } from "@runledger/cli";
import { simpleParser } from "mailparser";
import readWorkbook from "read-excel-file/node";
import { expect, test } from "vitest";
import { check } from "../src/commands/check.ts";
import { explain } from "../src/commands/explain.ts";
import { weekly } from "../src/commands/weekly.ts";
import { createWorld, startMailServer, type World } from "./weekly-fixture.ts";

/** Wednesday of week 12, in Berlin 02:15: what the night's sync has got. The next run finishes at 02:10. */
const SYNCED = "2026-03-18T01:15:00Z";
const NOW = new Date("2026-03-18T10:00:00Z");
const BILLING = "7b1c0f7e-0000-4000-8000-000000000009";

async function createOpenWeek(): Promise<World> {
  const world = await createWorld();
  await world.history.pool.query(`
    update runledger.pipelines set synced_through = '${SYNCED}';
    delete from runledger.runs where finished_at > '${SYNCED}'`);
  return world;
}

/** What a plain query has of the week so far. */
async function counted({ history }: World, until: string) {
  const { rows } = await history.pool.query<{ total: number; good: number }>(
    `select count(*)::int as total, count(*) filter (where is_successful)::int as good from runledger.runs
     where finished_at >= timestamptz '2026-03-16 00:00 Europe/Berlin' and finished_at <= $1`,
    [until],
  );
  return rows[0];
}

test("reports a week that goes on as far as it is synced, with no revision", async () => {
  await using world = await createOpenWeek();
  const context = world.context({}, NOW);
  expect(await weekly(context, { out: world.folder, week: "2026-W12" })).toBe(exitCode.done);
  const [printed] = JSON.parse(context.printed());
  const figures = await counted(world, SYNCED);
  expect(figures?.total).toBe(51);
  expect(printed).toMatchObject({ revision: 0, asOf: new Date(SYNCED).toISOString(), notes: [] });
  expect(printed.objectives).toMatchObject([
    { objective: "succeeds", ...figures, verdict: "missed" },
    { objective: "fast", ...figures, verdict: "met" },
  ]);
  expect((await world.history.pool.query("select from runledger.reports")).rows).toEqual([]);
});

test("says how far it is told of in terminal, mail and workbook", async () => {
  await using world = await createOpenWeek();
  const soFar = "so far, through Wed 02:15";
  const context = { ...world.context({}, NOW), isJson: false };
  await weekly(context, { out: world.folder, week: "2026-W12" });
  expect(context.printed()).toContain(`(16–22 Mar 2026, Europe/Berlin), ${soFar}: 1 of 2 missed`);
  const file = (ending: string) => readFile(join(world.folder, `finance-2026-W12-r0.${ending}`));
  const { subject, text, html } = await simpleParser(await file("eml"));
  expect(subject).toContain(`(16–22 Mar 2026), ${soFar}: 1 of 2 missed`);
  for (const part of [text, html || ""]) {
    expect(part).toContain(`2026-W12 · 16–22 Mar 2026 · ${soFar}`);
    expect(part).toContain("Provisional, as of Wed 18 Mar 2026, 02:15");
  }
  const sheets = new Map((await readWorkbook(await file("xlsx"))).map(({ sheet, data }) => [sheet, data]));
  const method = new Map(sheets.get("Method")?.map(([about, explanation]) => [about, explanation]));
  expect(method.get("Week")).toContain(soFar);
  expect(method.get("Revision")).toBe("none: the week is not closed yet");
});

test("says it in the agreement's language", async () => {
  await using world = await createOpenWeek();
  await appendFile(join(world.folder, "runledger.yaml"), "language: de-DE\n");
  await weekly(world.context({}, NOW), { out: world.folder, week: "2026-W12" });
  const { subject, text } = await simpleParser(await readFile(join(world.folder, "finance-2026-W12-r0.eml")));
  expect(subject).toContain("Zwischenstand bis Mi., 02:15");
  expect(text).toContain("Vorläufig, Stand Mi., 18. März 2026, 02:15");
});

test("mails nothing of it, and says so", async () => {
  await using world = await createOpenWeek();
  await using server = await startMailServer();
  const context = world.context({ SMTP_URL: server.url, MAIL_FROM: "sla@acme.example" }, NOW);
  const options = { out: world.folder, week: "2026-W12", send: true };
  expect(await weekly(context, options)).toBe(exitCode.partial);
  expect(JSON.parse(context.printed())).toMatchObject([
    { deliveries: [], notSent: "week 2026-W12 is not closed yet" },
  ]);
  expect(server.mails).toEqual([]);
});

test("lets an instant that is asked for win", async () => {
  await using world = await createOpenWeek();
  const context = world.context({}, NOW);
  await weekly(context, { out: world.folder, week: "2026-W12", asOf: new Date("2026-03-17T12:30:00Z") });
  const [printed] = JSON.parse(context.printed());
  expect(printed.objectives[0]).toMatchObject({ ...(await counted(world, "2026-03-17T12:30:00Z")) });
  const later = world.context({}, NOW);
  await weekly(later, { out: world.folder, week: "2026-W12", asOf: new Date("2026-03-18T09:00:00Z") });
  expect(JSON.parse(later.printed())[0].objectives[0]).toMatchObject({ verdict: "insufficient_data" });
});

test("tells of every pipeline as far as the one that is least synced, and names the one that never was", async () => {
  await using world = await createOpenWeek();
  const file = join(world.folder, "runledger.yaml");
  const config = await readFile(file, "utf8");
  await writeFile(
    file,
    config
      .replace("pipelines: [", `pipelines: [{ uuid: ${BILLING}, name: billing }, `)
      .replace(
        "    report:",
        "      - { id: bills, pipeline: billing, success: {}, target: 98% }\n    report:",
      ),
  );
  const asOf = async () => {
    const context = world.context({}, NOW);
    await weekly(context, { out: world.folder, week: "2026-W12" });
    return JSON.parse(context.printed())[0];
  };
  expect(await asOf()).toMatchObject({
    asOf: new Date(SYNCED).toISOString(),
    objectives: [{ verdict: "missed" }, { verdict: "met" }, { verdict: "insufficient_data" }],
    notes: [{ pipeline: "billing", kind: "never_synced", text: "billing: the pipeline was never synced." }],
  });
  await world.history.pool.query(
    `insert into runledger.pipelines (pipeline_uuid, name, synced_through)
     values ('${BILLING}', 'billing', '2026-03-17 01:15Z')`,
  );
  const printed = await asOf();
  expect(printed).toMatchObject({ asOf: "2026-03-17T01:15:00.000Z", notes: [] });
  expect(printed.objectives[0]).toMatchObject({ ...(await counted(world, "2026-03-17T01:15:00Z")) });
});

test("says that nothing of a week is there yet, where nothing is", async () => {
  await using world = await createOpenWeek();
  await world.history.pool.query("update runledger.pipelines set synced_through = '2026-03-15 20:00Z'");
  const context = { ...world.context({}, NOW), isJson: false };
  await weekly(context, { out: world.folder, week: "2026-W12" });
  expect(context.printed()).toMatch(/provisional: insufficient data for all 2[^~]*synced only through/u);
  expect(context.printed()).not.toContain("so far");
});

test("checks and explains the week that goes on, too", async () => {
  await using world = await createOpenWeek();
  const checked = { ...world.context({}, NOW), isJson: false };
  await check(checked, {});
  expect(checked.printed()).toMatch(
    /2026-W11 as it would be scored: [^~]*2026-W12 so far, through Wed 02:15: 1 of 2 missed/u,
  );
  const asJson = world.context({}, NOW);
  await check(asJson, {});
  expect(JSON.parse(asJson.printed())[0].thisWeek).toMatchObject({
    week: "2026-W12",
    asOf: new Date(SYNCED).toISOString(),
    objectives: [{ objective: "succeeds", ...(await counted(world, SYNCED)) }, { objective: "fast" }],
  });
  // It ends at 23:00 UTC and settles for six hours; the next sync after that is at 01:15.
  const sending = { thisWeekClosesAt: "2026-03-23T05:00:00.000Z" };
  expect(JSON.parse(asJson.printed())[0]).toMatchObject({
    ...sending,
    thisWeekCanGoOutFrom: "2026-03-23T05:00:00.000Z",
  });
  const explained = { ...world.context({}, NOW), isJson: false };
  await explain(explained, { week: "2026-W12" }, ["finance", "succeeds"]);
  expect(explained.printed()).toContain("these are its figures so far, through Wed 02:15.");
  expect(explained.printed()).toContain("Verdict: missed.");

  const syncedAt = async (through: string | null) => {
    await world.history.pool.query("update runledger.pipelines set synced_through = $1", [through]);
    const again = world.context({}, NOW);
    await check(again, {});
    return JSON.parse(again.printed())[0];
  };
  expect(await syncedAt("2026-03-17T08:30:00Z")).toMatchObject({
    ...sending,
    thisWeekCanGoOutFrom: "2026-03-23T08:30:00.000Z",
  });
  expect(await syncedAt(null)).toMatchObject({ ...sending, thisWeekCanGoOutFrom: null });
});

test("notes a changed definition when it is seen, not when the data ends", async () => {
  await using world = await createOpenWeek();
  // On Monday 01:00 last week is not closed, and synced through Sunday morning.
  await world.history.pool.query("update runledger.pipelines set synced_through = '2026-03-15 05:00Z'");
  const monday = new Date("2026-03-16T00:00:00Z");
  await weekly(world.context({}, monday), { out: world.folder, week: "2026-W11" });
  const file = join(world.folder, "runledger.yaml");
  await writeFile(file, (await readFile(file, "utf8")).replace("target: 98%", "target: 50%"));
  await weekly(world.context({}, monday), { out: world.folder, week: "2026-W11" });
  const { rows } = await world.history.pool.query<{ applies_from: string | null }>(
    "select applies_from from runledger.definitions where applies_from is not null",
  );
  expect(rows).toEqual([{ applies_from: "2026-W13" }]);
});
