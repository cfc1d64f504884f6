import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { createTestHistory } from "@runledger/history/testing";
import { SourceHistory, startSandbox } from "@runledger/ylem-sandbox";
import { simpleParser } from "mailparser";
import { expect, test } from "vitest";
import {
  countsOf,
  dueDays,
  finishedIn,
  inBerlin,
  incidentsIn,
  percentile,
  staleTimes,
  weekOf,
  whyExcluded,
} from "./whole-way-expected.ts";
import { MINUTE, rowsOf, runsInScript } from "./whole-way-script.ts";
import { read, toSecond } from "@runledger/workbook/testing";

const CONFIG = `
version: 1
history_start: 2026-03-01
pipelines:
  - { uuid: 7b1c0f7e-0000-4000-8000-000000000001, name: orders }
  - { uuid: 7b1c0f7e-0000-4000-8000-000000000002, name: crm }
agreements:
  - agreement: finance
    title: Finance close
    customer: Controlling
    timezone: Europe/Berlin
    exclusions:
      - { from: 2026-03-18 12:00, to: 2026-03-18 13:00, reason: DB upgrade, approved_by: board }
      - { from: 2026-03-20 10:00, to: 2026-03-20 11:00, reason: Move, approved_by: board }
    objectives:
      - { id: succeeds, pipeline: orders, success: {}, target: 98% }
      - { id: fast, pipeline: orders, duration: { at_most: 10m }, target: 85% }
      - { id: by-six, pipeline: crm, deadline: { by: 06:00, on: workdays, opens: 00:00, grace: 10m }, target: 90% }
      - { id: fresh, pipeline: crm, freshness: { max_age: 26h }, target: 70% }
      - { id: enough, pipeline: crm, volume: { per: day, at_least: 1, on: daily }, target: 70% }
    report: { to: [a@acme.example], settle: 6h }
`;

const MAINS = {
  ingest: new URL("../../ingest/src/main.ts", import.meta.url).pathname,
  report: new URL("../src/main.ts", import.meta.url).pathname,
};
const MONDAY = "2026-03-23T05:05:00Z";
/** Up to the one that is reported: the history begins before them. */
const WEEKS = {
  "2026-W10": weekOf("2026-03-02"),
  "2026-W11": weekOf("2026-03-09"),
  "2026-W12": weekOf("2026-03-16"),
};
const WEEK = WEEKS["2026-W12"];
const COUNTS = {
  "2026-W10": countsOf(WEEKS["2026-W10"]),
  "2026-W11": countsOf(WEEKS["2026-W11"]),
  "2026-W12": countsOf(WEEK),
};
const OBJECTIVES = {
  succeeds: { pipeline: "orders", target: 98 },
  fast: { pipeline: "orders", target: 85 },
  "by-six": { pipeline: "crm", target: 90 },
  fresh: { pipeline: "crm", target: 70 },
  enough: { pipeline: "crm", target: 70 },
} as const;
type Objective = keyof typeof OBJECTIVES;
const IDS = ["succeeds", "fast", "by-six", "fresh", "enough"] as const satisfies readonly Objective[];

function verdictOf(id: Objective, { good, total }: Counts): string {
  const { target } = OBJECTIVES[id];
  if (good * 100 < target * total) return "missed";
  return 1 - (total - good) / total / (1 - target / 100) < 0.25 ? "at_risk" : "met";
}

interface Counts {
  good: number;
  total: number;
}

/** As the cells show it: rounded down to hundredths of a percent. */
const shown = ({ good, total }: Counts) => Math.floor((good / total) * 1e4 + 1e-9) / 1e4;
const inPercent = (counts: Counts) => `${(shown(counts) * 100).toFixed(2)}%`;

/** A sheet's rows by their headers. */
function rowsIn(sheets: Record<string, unknown[][]>, sheet: string): Record<string, unknown>[] {
  const [header = [], ...rows] = sheets[sheet] ?? [];
  return rows.map((row) => Object.fromEntries(header.map((name, index) => [String(name), row[index]])));
}

/** A duration's cell in milliseconds: it counts days from the same day as dates do. */
function lasting(value: unknown): number | null {
  return value instanceof Date ? Math.round(value.getTime() - Date.UTC(1899, 11, 30)) : null;
}

const moment = (value: unknown) => (value === null ? null : toSecond(value));
const momentOf = (at: number | null | undefined) => (at === null || at === undefined ? null : inBerlin(at));

test("the source's runs come out as figures in workbook and mail, by way of HTTP, history and files", async () => {
  const folder = await mkdtemp(join(tmpdir(), "runledger-whole-way-"));
  await using history = await createTestHistory();
  const source = new SourceHistory();
  source.add(rowsOf(runsInScript()));
  await using sandbox = await startSandbox({ history: source });
  await writeFile(join(folder, "runledger.yaml"), CONFIG);
  const run = (app: keyof typeof MAINS, ...args: string[]) =>
    promisify(execFile)(process.execPath, [MAINS[app], ...args], {
      cwd: folder,
      env: {
        PATH: process.env["PATH"],
        DATABASE_URL: history.url,
        YLEM_BASE_URL: sandbox.url,
        YLEM_CLIENT_ID: sandbox.clientId,
        YLEM_CLIENT_SECRET: sandbox.clientSecret,
        MAIL_FROM: "Runledger <sla@acme.example>",
      },
    });
  try {
    // On Thursday morning a run of Wednesday evening is not to be seen yet.
    sandbox.setClock(() => new Date("2026-03-19T02:00:00Z"));
    await run("ingest", "sync");
    sandbox.setClock(() => new Date(MONDAY));
    await run("ingest", "sync");
    await run("report", "weekly", "--week", "2026-W12", "--as-of", MONDAY, "--out", folder);
    const file = (ending: string) => readFile(join(folder, `finance-2026-W12-r1.${ending}`));
    const sheets = await read(await file("xlsx"));
    const mail = await simpleParser(await file("eml"));
    expectFigures(sheets);
    expectEvidence(sheets);
    expectIncidents(sheets);
    expectTrend(sheets);
    expectMail(mail.subject ?? "", mail.text ?? "");
    expect(mail.attachments.map(({ filename }) => filename)).toEqual([
      "trend.png",
      "finance-2026-W12-r1.xlsx",
    ]);
    expect(mail.attachments[1]?.content).toEqual(await file("xlsx"));
  } finally {
    await rm(folder, { recursive: true });
  }
});

function expectFigures(sheets: Record<string, unknown[][]>): void {
  const [before, now] = [COUNTS["2026-W11"], COUNTS["2026-W12"]];
  const closed = (id: Objective) =>
    incidentsIn(Object.values(WEEKS))[id].flatMap(({ openedAt, closedAt }) =>
      closedAt === null ? [] : [closedAt - openedAt],
    );
  const printed = new Map(rowsIn(sheets, "Objectives").map((row) => [row["Objective"], row]));
  for (const id of IDS) {
    const { good, total } = now[id];
    const { pipeline, target } = OBJECTIVES[id];
    expect(printed.get(id)).toMatchObject({
      Pipeline: pipeline,
      Target: target / 100,
      Attained: shown(now[id]),
      Good: good,
      Total: total,
      Bad: total - good,
      "Allowed bad": Math.floor((total * (100 - target)) / 100),
      "4 weeks": shown(pooled(id)),
      Change: expect.closeTo(shown(now[id]) - shown(before[id]), 9),
      Verdict: verdictOf(id, now[id]),
      Check: "agrees",
    });
    const lengths = closed(id);
    const mean = lengths.reduce((sum, length) => sum + length, 0) / lengths.length;
    expect(lasting(printed.get(id)?.["Mean time to recover"])).toBeCloseTo(mean, -1);
  }
  expect(rowsIn(sheets, "Summary").map((row) => [row["Objective"], row["Attained"], row["Verdict"]])).toEqual(
    rowsIn(sheets, "Objectives").map((row) => [row["Objective"], row["Attained"], row["Verdict"]]),
  );
}

/** Of the last four weeks, the first of which the history has only the end of. */
function pooled(id: Objective): Counts {
  const counts = Object.values(COUNTS).map((week) => week[id]);
  const sum = (of: "good" | "total") => counts.reduce((all, each) => all + each[of], 0);
  return { good: sum("good"), total: sum("total") };
}

function expectEvidence(sheets: Record<string, unknown[][]>): void {
  const byRun = (one: { run: unknown }, other: { run: unknown }) =>
    String(one.run).localeCompare(String(other.run));
  expect(
    rowsIn(sheets, "Runs")
      .map((row) => ({
        run: row["Run"],
        started: moment(row["Started"]),
        finished: moment(row["Finished"]),
        state: row["State"],
        tasks: row["Tasks"],
        failed: row["Failed tasks"],
        error: row["Error"],
        counted: row["Counted"],
        whyNot: row["Why not"],
      }))
      .toSorted(byRun),
  ).toEqual(
    finishedIn(WEEK)
      .map(({ uuid, start, finish, isGood }) => ({
        run: uuid,
        started: inBerlin(start),
        finished: inBerlin(finish),
        state: isGood ? "successful" : "failed",
        tasks: 2,
        failed: isGood ? 0 : 1,
        error: isGood ? null : "no table",
        whyNot: whyExcluded(finish),
        counted: whyExcluded(finish) === null ? "yes" : "no",
      }))
      .toSorted(byRun),
  );
  expect(
    rowsIn(sheets, "Deadlines").map((row) => ({
      date: moment(row["Date"]),
      due: moment(row["Due"]),
      completed: moment(row["Completed"]),
      late: row["Late by (min)"],
      status: row["Status"],
      attempts: row["Attempts"],
      run: row["Run"],
    })),
  ).toEqual(
    dueDays(WEEK).map(({ day, due, attempts, success, late, status }) => ({
      date: inBerlin(day),
      due: inBerlin(due),
      completed: momentOf(success?.finish),
      late: status === "late" ? Math.ceil(late / MINUTE) : null,
      status,
      attempts: attempts.length,
      run: success?.uuid ?? null,
    })),
  );
  const { good, total } = COUNTS["2026-W12"].fresh;
  expect(
    rowsIn(sheets, "Freshness").map((row) => ({
      from: moment(row["Gap from"]),
      to: moment(row["Gap to"]),
      limit: lasting(row["Limit"]),
      breach: lasting(row["Breach"]),
    })),
  ).toEqual(
    staleTimes(WEEK.end)
      .filter(({ to }) => to >= WEEK.start)
      .map(({ from, to }) => ({
        from: inBerlin(from),
        to: inBerlin(to),
        limit: 26 * 60 * MINUTE,
        // There is only one.
        breach: (total - good) * 1000,
      })),
  );
}

function expectIncidents(sheets: Record<string, unknown[][]>): void {
  const incidents = incidentsIn(Object.values(WEEKS));
  const expected = IDS.flatMap((objective) =>
    incidents[objective]
      .filter(({ closedAt }) => closedAt === null || closedAt >= WEEK.start)
      .map((incident) => ({ ...incident, objective })),
  ).toSorted((one, other) => one.openedAt - other.openedAt);
  expect(
    rowsIn(sheets, "Incidents").map((row) => ({
      objective: row["Objective"],
      opened: moment(row["Opened"]),
      closed: moment(row["Closed"]),
      lasted: lasting(row["Duration"]),
      bad: row["Bad events"],
      remark: row["Remark"],
    })),
  ).toEqual(
    expected.map(({ objective, openedAt, closedAt, badEvents }) => ({
      objective,
      opened: inBerlin(openedAt),
      closed: momentOf(closedAt),
      lasted: (closedAt ?? WEEK.end) - openedAt,
      bad: badEvents,
      remark: closedAt === null ? "open at the end of the week" : null,
    })),
  );
}

function expectTrend(sheets: Record<string, unknown[][]>): void {
  const rows = rowsIn(sheets, "Trend");
  expect(rows).toHaveLength(13 * IDS.length);
  for (const week of ["2026-W10", "2026-W11", "2026-W12"] as const) {
    const [days, counts] = [WEEKS[week], COUNTS[week]];
    for (const id of IDS) {
      const row = rows.find((each) => each["Week"] === week && each["Objective"] === id) ?? {};
      expect({
        ...row,
        Median: lasting(row["Median duration"]),
        P95: lasting(row["95th percentile"]),
      }).toMatchObject({
        Total: counts[id].total,
        Attained: shown(counts[id]),
        Verdict: verdictOf(id, counts[id]),
        Median: percentile(50, OBJECTIVES[id].pipeline, days),
        P95: percentile(95, OBJECTIVES[id].pipeline, days),
      });
    }
  }
  const earlier = rows.filter(({ Week }) => !(String(Week) in WEEKS));
  expect(new Set(earlier.map((row) => `${String(row["Attained"])} ${String(row["Verdict"])}`))).toEqual(
    new Set(["null not_in_force"]),
  );
}

function expectMail(subject: string, text: string): void {
  const [before, now] = [COUNTS["2026-W11"], COUNTS["2026-W12"]];
  const missed = IDS.filter((id) => verdictOf(id, now[id]) === "missed");
  expect(subject).toContain(`2026-W12 (16–22 Mar 2026): ${missed.length} of ${IDS.length} missed`);
  const lines = text.split("\n").map((line) => line.trim().replaceAll(/ {2,}/gu, " | "));
  for (const id of IDS) {
    const points = ((shown(now[id]) - shown(before[id])) * 100).toFixed(2);
    const change = `${points.replace("-", "−")} pp`;
    const verdict = verdictOf(id, now[id]).replace("_", " ");
    const figures = [inPercent(now[id]), `${OBJECTIVES[id].target}%`, inPercent(pooled(id)), change, verdict];
    expect(lines).toContain([id, ...figures].join(" | "));
  }
  const sentences = text.replaceAll(/\s+/gu, " ");
  expect(sentences).toContain("Worst day: Thu 19 Mar, no successful run.");
  expect(sentences).toContain(`${now.succeeds.good} of ${now.succeeds.total} runs`);
  expect(sentences).toContain("Wed 18 Mar 2026, 12:00 – 13:00: DB upgrade, approved by board");
}
