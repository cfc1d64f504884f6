import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { exitCode } from "@runledger/cli";
import { expect, test } from "vitest";
import { check } from "../src/commands/check.ts";
import { weekly, type WeeklyOptions } from "../src/commands/weekly.ts";
import { read } from "@runledger/workbook/testing";
import { createWorld, ORDERS, type World } from "./weekly-fixture.ts";

/** When 2026-W13 and W14 are closed. */
const A_WEEK_LATER = new Date("2026-03-30T06:00:00Z");
const TWO_WEEKS_LATER = new Date("2026-04-06T06:00:00Z");

interface Printed {
  week: string;
  revision: number;
  causes: string[];
  objectives: { objective: string; target: number; verdict: string; good: number; total: number }[];
}

async function report(world: World, options: Partial<WeeklyOptions> = {}, now?: Date): Promise<Printed> {
  const context = world.context({}, now);
  expect(await weekly(context, { out: world.folder, ...options })).toBe(exitCode.done);
  const [printed] = JSON.parse(context.printed());
  return printed;
}

async function configure({ folder }: World, ...changes: [from: string, to: string][]): Promise<void> {
  const path = join(folder, "runledger.yaml");
  let text = await readFile(path, "utf8");
  for (const [from, to] of changes) {
    expect(text).toContain(from);
    text = text.replaceAll(from, to);
  }
  await writeFile(path, text);
}

/** A failed run that comes in late; it finishes at `finishedAt`. */
async function lateRun({ history }: World, finishedAt: string): Promise<void> {
  await history.pool.query(
    `insert into runledger.runs values ('${ORDERS}', gen_random_uuid(), $1, $1, 0, 0, null, 1, 1, false, 'late')`,
    [finishedAt],
  );
}

function files({ folder }: World, revision: number): Promise<Buffer[]> {
  const name = join(folder, `finance-2026-W12-r${revision}`);
  return Promise.all(["xlsx", "html", "eml"].map((ending) => readFile(`${name}.${ending}`)));
}

async function sheet({ folder }: World, revision: number, name: string): Promise<unknown[][]> {
  return (await read(await readFile(join(folder, `finance-2026-W12-r${revision}.xlsx`))))[name] ?? [];
}

const targetOf = ({ objectives }: Printed): number | undefined => objectives[0]?.target;

test("applies a changed definition from the next week's start", async () => {
  await using world = await createWorld();
  await report(world);
  await configure(world, ["target: 98%", "target: 50%"]);
  const again = await report(world, { week: "2026-W12" });
  expect([again.revision, targetOf(again)]).toEqual([1, 0.98]);
  const [next, afterNext] = [await report(world, {}, A_WEEK_LATER), await report(world, {}, TWO_WEEKS_LATER)];
  // It was first seen on the Monday of W13.
  expect([next.week, targetOf(next)]).toEqual(["2026-W13", 0.98]);
  expect([afterNext.week, targetOf(afterNext)]).toEqual(["2026-W14", 0.5]);
});

test("applies a changed definition at once where it is restated, as a revision that says so", async () => {
  await using world = await createWorld();
  await report(world);
  await configure(world, ["target: 98%", "target: 50%"]);
  await report(world);
  const restated = await report(world, { restate: true });
  expect(restated).toMatchObject({ revision: 2, causes: ["definition"] });
  expect(targetOf(restated)).toBe(0.5);
  expect(await report(world)).toMatchObject({ revision: 2, causes: ["definition"] });
  const [header = [], ...changes] = await sheet(world, 2, "Changes");
  expect(changes[0]?.slice(0, 4)).toEqual(["succeeds", "Verdict", "missed", "met"]);
  expect(changes[0]?.[header.indexOf("Why")]).toBe("the agreed definition was changed and restated");
});

test("says so too when what was restated leaves every figure as it is", async () => {
  await using world = await createWorld();
  await report(world);
  await configure(world, ["at_most: 10m", "at_most: 11m"]);
  expect(await report(world, { restate: true })).toMatchObject({ revision: 2, causes: ["definition"] });
  expect(await report(world, { restate: true })).toMatchObject({ revision: 2 });
});

test("says in check from when on a changed definition applies, and stores nothing", async () => {
  await using world = await createWorld();
  await report(world);
  await configure(world, ["target: 98%", "target: 50%"]);
  const context = { ...world.context(), isJson: false };
  await check(context, {});
  expect(context.printed()).toContain("The definition has changed and applies from 2026-W14");
  expect(context.printed()).toContain("2026-W12 as it would be scored: 1 of 2 missed");
  const { rows } = await world.history.pool.query("select from runledger.definitions");
  expect(rows).toHaveLength(1);
});

test("reports a pipeline that is gone from the configuration for as long as it was promised", async () => {
  await using world = await createWorld();
  await report(world);
  const other = "7b1c0f7e-0000-4000-8000-000000000009";
  await configure(
    world,
    [ORDERS, other],
    ["name: orders", "name: sales"],
    ["pipeline: orders", "pipeline: sales"],
  );
  expect(await report(world, { week: "2026-W12" })).toMatchObject({ revision: 1 });
  await lateRun(world, "2026-03-20 00:30Z");
  expect(await report(world, { week: "2026-W12" })).toMatchObject({ revision: 2, causes: ["late_rows"] });
});

test("prints a past week again byte for byte, whatever it is all called by then", async () => {
  await using world = await createWorld();
  await report(world);
  await lateRun(world, "2026-03-20 00:30Z");
  await report(world);
  const before = await files(world, 2);
  await configure(
    world,
    ["Finance close", "Closing of finance"],
    ["Controlling", "Board"],
    ["name: orders", "name: sales"],
    ["pipeline: orders", "pipeline: sales"],
    ["Load orders", "Load sales"],
    ["target: 98%", "target: 50%"],
    ["exclusions: [", "exclusions: [{ from: 2026-03-25 12:00, to: 2026-03-25 13:00, reason: Later }, "],
  );
  await world.history.pool.query(
    "update runledger.tasks set name = 'Load sales'; update runledger.pipelines set name = 'sales', synced_through = now()",
  );
  await lateRun(world, "2026-03-24 00:30Z");
  const context = { ...world.context({}, TWO_WEEKS_LATER), version: "9.9.9" };
  await weekly(context, { out: world.folder, week: "2026-W12" });
  expect(JSON.parse(context.printed())).toMatchObject([{ revision: 2 }]);
  expect(await files(world, 2)).toEqual(before);
});

test("flags an exclusion that was entered after the fact, and only that", async () => {
  await using world = await createWorld();
  await report(world);
  await configure(world, [
    "exclusions: [",
    "exclusions: [{ from: 2026-03-19 12:00, to: 2026-03-19 18:00, reason: Storm }, ",
  ]);
  expect(await report(world)).toMatchObject({ revision: 2, causes: ["exclusions"] });
  await lateRun(world, "2026-03-20 00:30Z");
  expect(await report(world)).toMatchObject({ revision: 3, causes: ["late_rows"] });
  for (const revision of [2, 3]) {
    const [header = [], ...excluded] = await sheet(world, revision, "Exclusions");
    const column = (name: string) => header.indexOf(name);
    expect(excluded.map((row) => [row[column("Reason")], row[column("Retroactive")]])).toEqual([
      ["=DB upgrade", "no"],
      ["Storm", "yes"],
    ]);
  }
});

test("says so of a reason or approver that is worded otherwise, and of names only where they are printed anew", async () => {
  await using world = await createWorld();
  await report(world);
  await configure(world, ["name: orders", "name: sales"], ["pipeline: orders", "pipeline: sales"]);
  expect(await report(world)).toMatchObject({ revision: 1 });
  await configure(world, ["approved_by: board", "approved_by: change board"]);
  expect(await report(world)).toMatchObject({ revision: 2, causes: ["wording"] });
  expect(await report(world)).toMatchObject({ revision: 2, causes: ["wording"] });
  const [header = [], ...excluded] = await sheet(world, 2, "Exclusions");
  expect(excluded.map((row) => row[header.indexOf("Approved by")])).toEqual(["change board"]);
  expect((await sheet(world, 2, "Changes"))[1]?.[0]).toBe(
    "No figure of an objective; reasons, approvers or names are worded otherwise",
  );
  await configure(world, ["Finance close", "Closing of finance"]);
  await lateRun(world, "2026-03-20 00:30Z");
  expect(await report(world)).toMatchObject({ revision: 3, causes: ["late_rows", "wording"] });
});

test("calls an exclusion within another one an exclusion, and one of other weeks nothing", async () => {
  await using world = await createWorld();
  await report(world);
  const add = (entry: string) => configure(world, ["exclusions: [", `exclusions: [{ ${entry} }, `]);
  await add("from: 2026-03-18 12:15, to: 2026-03-18 12:45, reason: Within");
  expect(await report(world)).toMatchObject({ revision: 2, causes: ["exclusions"] });
  await add("from: 2026-03-25 12:00, to: 2026-03-25 13:00, reason: Later");
  expect(await report(world)).toMatchObject({ revision: 2 });
  await add("from: 2026-03-10 12:15, to: 2026-03-10 12:16, reason: No run finished then");
  expect(await report(world)).toMatchObject({ revision: 2 });
});

test("names a run of an earlier week that came out otherwise, though it took as long", async () => {
  await using world = await createWorld();
  await report(world);
  await world.history.pool.query(
    `update runledger.runs set is_successful = false, failed_task_count = 1, error_message = 'late'
     where finished_at = '2026-03-12 00:10Z'`,
  );
  expect(await report(world)).toMatchObject({ revision: 2, causes: ["late_rows"] });
});

/** What version 0.1.0 stored for the week of `createWorld`. */
const HASH_IN_FORM_1 = "8db8283c4503e108ad57f0fd41310ea2be9349c0e1a044550eed028df73e4d5c";

async function storedHashes({ history }: World): Promise<string[]> {
  const { rows } = await history.pool.query("select content_hash from runledger.reports order by revision");
  return rows.map((row) => row.content_hash);
}

/** As version 0.1.0 left the week's first revision: its hash is of fewer figures, and it kept less. */
async function asInForm1({ history }: World): Promise<void> {
  await history.pool.query(
    `update runledger.reports
     set content_hash = '${HASH_IN_FORM_1}', inputs = inputs - 'seen', printed = printed - 'holidayGaps'`,
  );
}

/** Of an incident of two weeks before: no count, percentile or incident of the week tells of it. */
async function delayEarlierFailure({ history }: World): Promise<void> {
  const { rowCount } = await history.pool.query(
    `update runledger.runs set started_at = started_at + interval '5 min', finished_at = finished_at + interval '5 min'
     where finished_at = '2026-03-06 18:10Z' and not is_successful`,
  );
  expect(rowCount).toBe(1);
}

test("knows by its hash the report of a week that an earlier version made", async () => {
  await using world = await createWorld();
  await report(world);
  // Whatever changes this makes a new revision of every week that is reported again after an upgrade: that takes a new
  // form, beside which this one still is figured.
  expect(await storedHashes(world)).toEqual([
    "2:2fac6d2d2934c2d388de2d96bac45c580e76b58b1b1aab688039457ef3f616de",
  ]);
});

test("makes no revision of a week because it was stored in an earlier form", async () => {
  await using world = await createWorld();
  await report(world);
  await asInForm1(world);
  const before = await files(world, 1);
  expect(await report(world)).toMatchObject({ revision: 1, causes: [] });
  expect(await files(world, 1)).toEqual(before);
  expect(await storedHashes(world)).toEqual([HASH_IN_FORM_1]);
  await lateRun(world, "2026-03-20 00:30Z");
  expect(await report(world)).toMatchObject({ revision: 2, causes: ["late_rows"] });
  expect(await report(world)).toMatchObject({ revision: 2 });
  expect(await storedHashes(world)).toEqual([HASH_IN_FORM_1, expect.stringMatching(/^2:[0-9a-f]{64}$/)]);
});

test("names the software where it figures otherwise than the version before, in the form of that one", async () => {
  await using world = await createWorld();
  await report(world);
  await asInForm1(world);
  await world.history.pool.query("update runledger.reports set content_hash = 'figured otherwise'");
  expect(await report(world)).toMatchObject({ revision: 2, causes: ["software"] });
});

/** Of a duration in a cell, which readers take for a date. */
function secondsOf(cell: unknown): number {
  return cell instanceof Date ? (cell.getTime() - Date.UTC(1899, 11, 30)) / 1000 : Number.NaN;
}

test("makes a revision of a mean time to recover that late data of an earlier week have changed", async () => {
  await using world = await createWorld();
  await report(world);
  const column = async (revision: number) => {
    const [header = [], ...objectives] = await sheet(world, revision, "Objectives");
    return objectives.map((row) => row[header.indexOf("Mean time to recover")]);
  };
  await delayEarlierFailure(world);
  expect(await report(world)).toMatchObject({ revision: 2, causes: ["late_rows"] });
  expect(await column(2)).not.toEqual(await column(1));
  // 34 incidents of an hour, a day between them; one opens five minutes later.
  const changes = (await sheet(world, 2, "Changes")).slice(1);
  expect(
    changes.map(([objective, figure, was, now]) => [objective, figure, secondsOf(was), secondsOf(now)]),
  ).toEqual(
    ["succeeds", "fast"].flatMap((objective) => [
      [objective, "Mean time to recover", 3600, expect.closeTo(3600 - 300 / 34, 2)],
      [objective, "Mean time between failures", 86_400, expect.closeTo(86_400 + 300 / 33, 2)],
    ]),
  );
  const before = await files(world, 2);
  expect(await report(world)).toMatchObject({ revision: 2 });
  expect(await files(world, 2)).toEqual(before);
});

test("prints such a mean as it was where the revision was stored in an earlier form, which does not tell", async () => {
  await using world = await createWorld();
  await report(world);
  await asInForm1(world);
  const before = await files(world, 1);
  await delayEarlierFailure(world);
  expect(await report(world)).toMatchObject({ revision: 1 });
  expect(await files(world, 1)).toEqual(before);
});

test("prints again what it said of the holiday calendars, whatever these say by then", async () => {
  await using world = await createWorld();
  const ended = (date: string) =>
    [
      "BEGIN:VCALENDAR",
      "BEGIN:VEVENT",
      `DTSTART:${date}`,
      "SUMMARY:Day off",
      "END:VEVENT",
      "END:VCALENDAR",
    ].join("\r\n");
  await writeFile(join(world.folder, "ended.ics"), ended("20231226"));
  await writeFile(join(world.folder, "ours.ics"), ended("20351226"));
  await configure(world, [
    "    objectives:",
    "    calendar: { holidays: [./ended.ics, ./ours.ics] }\n    objectives:",
  ]);
  await report(world);
  const before = await files(world, 1);
  expect((await sheet(world, 1, "Method")).map(([about]) => about)).toContain("Holidays");
  await configure(world, ["[./ended.ics, ./ours.ics]", "./ours.ics"]);
  expect(await report(world, { week: "2026-W12" })).toMatchObject({ revision: 1 });
  expect(await files(world, 1)).toEqual(before);
});

test("makes no revision of rows that were set aside since", async () => {
  await using world = await createWorld();
  await report(world);
  const before = await files(world, 1);
  await world.history.pool.query(
    `insert into runledger.quarantined_rows (pipeline_uuid, row_sha256, reason, row, seen_at)
     values ('${ORDERS}', 'x', 'no date', '{}', '2026-03-23 05:30Z')`,
  );
  expect(await report(world)).toMatchObject({ revision: 1 });
  expect(await files(world, 1)).toEqual(before);
});

test("says that a pipeline that was never synced is one of which the source shows nothing", async () => {
  await using world = await createWorld();
  await world.history.pool.query(
    "update runledger.pipelines set synced_through = null; truncate runledger.runs",
  );
  await report(world);
  await world.history.pool.query(
    `update runledger.pipelines set synced_through = '2026-03-23 05:00Z';
     insert into runledger.coverage (pipeline_uuid, day, state, checked_at)
     values ('${ORDERS}', '2026-03-18', 'unverified', now())`,
  );
  expect(await report(world)).toMatchObject({ revision: 2, causes: ["coverage"] });
  expect(await report(world)).toMatchObject({ revision: 2 });
});

test("makes up no cause where the revision before did not keep what it rests on", async () => {
  await using world = await createWorld();
  await report(world);
  // As version 0.1.0 left it.
  await world.history.pool.query(
    `update runledger.reports set time_zone_database = null,
       inputs = jsonb_build_object('runs', inputs -> 'runs', 'exclusions', 'x', 'weeks', '{}'::jsonb, 'coverage', '{}'::jsonb)`,
  );
  expect(await report(world)).toMatchObject({ revision: 1 });
  expect((await sheet(world, 1, "Method")).map(([about]) => about)).not.toContain("Time-zone database");
  await world.history.pool.query("update runledger.reports set content_hash = 'figured otherwise'");
  expect(await report(world)).toMatchObject({ revision: 2, causes: [] });
  await world.history.pool.query("update runledger.reports set content_hash = 'figured otherwise'");
  expect(await report(world)).toMatchObject({ revision: 3, causes: ["software"] });
  expect((await sheet(world, 3, "Method")).find(([about]) => about === "Time-zone database")).toEqual([
    "Time-zone database",
    `IANA ${process.versions["tz"]}`,
  ]);
});

test("says that days are in dispute now, and that they are proven again", async () => {
  await using world = await createWorld();
  await report(world);
  await world.history.pool.query(
    `insert into runledger.coverage (pipeline_uuid, day, state, checked_at)
     values ('${ORDERS}', '2026-03-18', 'disputed', now())`,
  );
  expect(await report(world)).toMatchObject({ revision: 2, causes: ["coverage"] });
  await world.history.pool.query("update runledger.coverage set state = 'proven'");
  await lateRun(world, "2026-03-20 00:30Z");
  expect(await report(world)).toMatchObject({ revision: 3, causes: ["late_rows", "coverage"] });
  const { rows } = await world.history.pool.query(
    "select revision, causes from runledger.reports order by revision",
  );
  expect(rows).toEqual([
    { revision: 1, causes: null },
    { revision: 2, causes: ["coverage"] },
    { revision: 3, causes: ["late_rows", "coverage"] },
  ]);
});

test("tells SQL users the same figures as the workbook", async () => {
  await using world = await createWorld();
  await report(world);
  const [header = [], ...objectives] = await sheet(world, 1, "Objectives");
  const named = objectives.map((row) => Object.fromEntries(header.map((name, at) => [name, row[at]])));
  const { rows } = await world.history.pool.query(
    `select objective, kind, target, good, total, total - good as bad, excluded, allowed_bad, verdict, reason,
            floor(attained * 10000) / 10000 as attained, floor(attained_raw * 10000) / 10000 as attained_raw,
            floor(attained_4w * 10000) / 10000 as attained_4w
     from runledger.sla_results order by objective desc`,
  );
  expect(rows).toEqual(
    named.map((row) => ({
      objective: row["Objective"],
      kind: row["Type"],
      target: row["Target"],
      good: row["Good"],
      total: row["Total"],
      bad: row["Bad"],
      excluded: row["Excluded"],
      allowed_bad: row["Allowed bad"],
      verdict: row["Verdict"],
      reason: row["Reason"],
      attained: row["Attained"],
      attained_raw: row["Attained (raw)"],
      attained_4w: row["4 weeks"],
    })),
  );
  const [columns = [], ...told] = await sheet(world, 1, "Incidents");
  const { rows: incidents } = await world.history.pool.query(
    "select objective, bad_events, error_message from runledger.incidents order by opened_at, objective desc",
  );
  const column = (name: string) => columns.indexOf(name);
  expect(incidents).toEqual(
    told.map((row) => ({
      objective: row[column("Objective")],
      bad_events: row[column("Bad events")],
      error_message: row[column("Error")],
    })),
  );
});

test("brings an incident up to date that a late success has split", async () => {
  await using world = await createWorld();
  await lateRun(world, "2026-03-20 00:20Z");
  await lateRun(world, "2026-03-20 00:40Z");
  await report(world);
  await report(world, {}, A_WEEK_LATER);
  await world.history.pool.query(
    `insert into runledger.runs values ('${ORDERS}', gen_random_uuid(), '2026-03-20 00:30Z', '2026-03-20 00:30Z', 0, 0, null, 1,
                                        0, true, null)`,
  );
  await report(world, { week: "2026-W12" });
  const { rows } = await world.history.pool.query(
    `select opened_at, closed_at, bad_events from runledger.incidents
     where objective = 'succeeds' and opened_at between '2026-03-20 00:15Z' and '2026-03-20 01:00Z' order by opened_at`,
  );
  expect(rows).toEqual([
    {
      opened_at: new Date("2026-03-20T00:20:00Z"),
      closed_at: new Date("2026-03-20T00:30:00Z"),
      bad_events: 1,
    },
    {
      opened_at: new Date("2026-03-20T00:40:00Z"),
      closed_at: new Date("2026-03-20T01:10:00Z"),
      bad_events: 1,
    },
  ]);
});

test("keeps how an incident went on when a late run of its week gives it another beginning", async () => {
  await using world = await createWorld();
  // All fail from Sunday 22:10 on, until Monday 02:10 in Berlin.
  await world.history.pool.query(
    `update runledger.runs set is_successful = false where finished_at > '2026-03-22 21:00Z';
     insert into runledger.runs values ('${ORDERS}', gen_random_uuid(), '2026-03-23 01:10Z', '2026-03-23 01:10Z', 0, 0, null, 1,
                                        0, true, null)`,
  );
  const incidents = async () => {
    const { rows } = await world.history.pool.query(
      `select opened_at, closed_at from runledger.incidents
       where objective = 'succeeds' and opened_at > '2026-03-22 20:00Z' and opened_at < '2026-03-23 02:00Z'`,
    );
    return rows;
  };
  await report(world);
  expect(await incidents()).toEqual([{ opened_at: new Date("2026-03-22T21:10:00Z"), closed_at: null }]);
  await world.history.pool.query("update runledger.pipelines set synced_through = now()");
  await report(world, { week: "2026-W13" }, A_WEEK_LATER);
  const closed_at = new Date("2026-03-23T01:10:00Z");
  expect(await incidents()).toEqual([{ opened_at: new Date("2026-03-22T21:10:00Z"), closed_at }]);
  await lateRun(world, "2026-03-22 20:30Z");
  await report(world, { week: "2026-W12" });
  expect(await incidents()).toEqual([{ opened_at: new Date("2026-03-22T20:30:00Z"), closed_at }]);
});
