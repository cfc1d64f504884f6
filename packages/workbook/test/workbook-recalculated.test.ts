import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { needsProgram } from "@runledger/testing/needs-program";
import JSZip from "jszip";
import { expect, it } from "vitest";
import type { ObjectiveResult, RunEvidence, WeeklyReport } from "@runledger/sla";
import { writeWorkbook } from "../src/workbook.ts";
import { fixtureReport, objective } from "@runledger/sla/testing/fixture-report";
import { read } from "../src/testing/workbook-fixture.ts";
import { hostileIds, hostileNames } from "./workbook-hostile-names.ts";

const run = promisify(execFile);
const soffice = needsProgram("soffice");

it.skipIf(soffice.isMissing)("counts the same when another program works its formulas out", async () => {
  const workbook = await writeWorkbook(report, { rowsPerSheet: 60 });
  const objectives = (await recalculated(await withoutResults(workbook)))["Objectives"] ?? [];
  expect(objectives.map((cells) => [cells.at(0), ...cells.slice(-3)])).toEqual([
    ["Objective", "Total recounted", "Bad recounted", "Check"],
    ["by-six", 5, 1, "agrees"],
    ["enough", null, 2, "agrees"],
    ["fast", 168, 7, "agrees"],
    ["succeeds", 168, 1, "agrees"],
    ["quick", 167, 149, "differs"],
    ["fresh", null, 90.123, "agrees"],
  ]);
});

it.skipIf(soffice.isMissing)("counts the same whatever pipelines and objectives are called", async () => {
  const workbook = await writeWorkbook(hostileReport());
  const sheets = await read(workbook);
  const checks = checksOf(sheets);
  expect(checks.map(({ check }) => check)).toEqual(checks.map(() => "agrees"));
  expect(checks).toHaveLength(2 * (3 * hostileNames.length + 2 * hostileIds.length));
  const again = await recalculated(await withoutResults(workbook));
  expect(checksOf(again)).toEqual(checks);
  expect(again["Runs"]?.map((cells) => cells[1])).toEqual(sheets["Runs"]?.map((cells) => cells[1]));
});

it.skipIf(soffice.isMissing)("agrees with verdicts that rest on a microsecond", async () => {
  const workbook = await writeWorkbook(finestReport());
  const checks = checksOf(await read(workbook));
  expect(checks.map(({ check }) => check)).toEqual(checks.map(() => "agrees"));
  expect(checksOf(await recalculated(await withoutResults(workbook)))).toEqual(checks);
});

it("never has text from outside in a formula, nor looks for any", async () => {
  const zip = await JSZip.loadAsync(await writeWorkbook(hostileReport()));
  const sheets = await Promise.all(
    zip.file(/worksheets\/sheet\d+\.xml$/).map((part) => part.async("string")),
  );
  const formulas = sheets.flatMap((xml) =>
    Array.from(xml.matchAll(/<f>([^<]*)<\/f>/g), ([, text = ""]) => text),
  );
  expect(formulas.length).toBeGreaterThan(hostileNames.length);
  const words = formulas.flatMap((formula) => formula.match(/&quot;[^&]*&quot;/g) ?? []);
  expect(new Set(words)).toEqual(new Set(ownWords.map((word) => `&quot;${word}&quot;`)));
  const columns = formulas.flatMap((formula) =>
    Array.from(formula.matchAll(/\[([^[\]]+)\]/g), ([, name]) => name),
  );
  expect(new Set(columns)).toEqual(new Set(columnsInFormulas));
});

it("keeps what XML forbids out of every part, charts and properties too", async () => {
  const { agreement } = fixtureReport();
  const title = "a\uFFFEb\uD800c";
  const report = { ...hostileReport(), agreement: { ...agreement, title, customer: title } };
  const { files } = await JSZip.loadAsync(await writeWorkbook(report));
  const parts = await Promise.all(Object.values(files).map((file) => file.async("string")));
  expect(parts.filter((part) => /[\uFFFE\uFFFF\uFFFD]|\p{Surrogate}/u.test(part))).toEqual([]);
  expect(parts.filter((part) => part.includes("abc"))).not.toEqual([]);
});

/** The words of Runledger that formulas look for or give, and comparisons. */
const ownWords = [
  "yes", "successful", "failed", "on_time", "late", "missed", "no_run", "agrees", "differs", "",
  "at_risk", "insufficient_data", "met", "not_in_force",
]; // prettier-ignore

/** None of them holds text from outside. */
const columnsInFormulas = [
  "#This Row", "Objective number", "Pipeline number", "Counted", "State", "Status", "Finished", "Duration", "Breach", "Check", "Verdict",
  "Total", "Bad", "Total recounted", "Bad recounted",
]; // prettier-ignore

/** Limits from milliseconds to a year, each with a run that takes just as long and one that takes a microsecond more. */
function finestReport(): WeeklyReport {
  const [anyRun] = fixtureReport().runs;
  if (anyRun === undefined) throw new Error("the fixture has runs");
  const limits = [
    1, 7, 1013, 60_000, 420_000, 2_700_000, 27_000_001, 93_600_000, 604_800_000, 31_536_000_000,
  ];
  const runs = limits.flatMap((atMostMs) =>
    [atMostMs, atMostMs + 0.001].map((elapsedMs) => ({ ...anyRun, pipelineUuid: `p${atMostMs}`, elapsedMs })),
  );
  const durations = limits.map((atMostMs) =>
    objective({
      id: `d${atMostMs}`,
      pipelineUuid: `p${atMostMs}`,
      kind: "duration",
      terms: { kind: "duration", atMostMs, failed: "count" },
      share: { good: 1, total: 2 },
    }),
  );
  const breaches = [0.001, 1000.001, 86_399_999.999, 200_000_000.123_456].map((each) =>
    Math.round(each * 1000),
  );
  const breach = breaches.reduce((sum, each) => sum + each, 0);
  const fresh = objective({
    id: "fresh",
    kind: "freshness",
    terms: { kind: "freshness" },
    share: { good: (604_800_000_000 - breach) / 1e6, total: 604_800 },
  });
  // The last instants of a day, to the millisecond and to the microsecond.
  const midnight = Date.parse("2026-03-17T23:00:00Z") * 1000;
  const late = [midnight - 1, midnight - 1000, midnight].map((finishedAt) => ({
    ...anyRun,
    pipelineUuid: "volume",
    finishedAt,
  }));
  const enough = objective({
    id: "enough",
    pipelineUuid: "volume",
    kind: "volume",
    terms: { kind: "volume", atLeast: 2, days: ["2026-03-17", "2026-03-18"] },
    share: { good: 1, total: 2 },
  });
  return fixtureReport({
    objectives: [...durations, fresh, enough],
    runs: [...runs, ...late],
    deadlines: [],
    freshnessGaps: breaches.map((micros) => ({ ...gap, breachMs: micros / 1000 })),
  });
}

function checksOf(sheets: Record<string, unknown[][]>) {
  return ["Summary", "Objectives"].flatMap((sheet) => {
    const [header = [], ...rows] = sheets[sheet] ?? [];
    const cell = (row: unknown[], name: string) => row[header.indexOf(name)];
    return rows.map((row) => ({
      objective: cell(row, "Objective"),
      pipeline: cell(row, "Pipeline"),
      check: cell(row, "Check"),
    }));
  });
}

const days = ["2026-03-16", "2026-03-17", "2026-03-18", "2026-03-19", "2026-03-20"];
const gap = { objective: "fresh", from: Date.parse("2026-03-16T00:00:00Z") * 1000, to: null, limitMs: 1000 };

/** Every kind of objective, most of them as the rows have it. */
const report = fixtureReport({
  objectives: [
    ...fixtureReport().objectives.filter(({ id }) => ["by-six", "fast", "succeeds"].includes(id)),
    objective({
      id: "enough",
      kind: "volume",
      terms: { kind: "volume", atLeast: 25, days },
      share: { good: 3, total: 5 },
      verdict: "missed",
    }),
    objective({
      id: "quick",
      kind: "duration",
      terms: { kind: "duration", atMostMs: 1_560_000, failed: "exclude" },
      share: { good: 0, total: 167 },
    }),
    objective({
      id: "fresh",
      kind: "freshness",
      terms: { kind: "freshness" },
      share: { good: 604_800 - 90.123, total: 604_800 },
      burnRate: 0,
    }),
  ],
  freshnessGaps: [
    { ...gap, breachMs: 90_000 },
    { ...gap, breachMs: 123 },
  ],
});

/**
 * A pipeline of each name, with objectives that are counted by runs, and objectives of each id that are counted by days
 * and gaps. No two have the same counts, so that whoever takes one for another finds it differs.
 */
function hostileReport(): WeeklyReport {
  const base = fixtureReport();
  const [anyRun] = base.runs;
  const [anyDay] = base.deadlines;
  if (anyRun === undefined || anyDay === undefined) throw new Error("the fixture has runs and deadlines");
  const objectives: ObjectiveResult[] = [];
  const runs: RunEvidence[] = [];
  for (const [index, pipelineName] of hostileNames.entries()) {
    const pipelineUuid = `7b1c0f7e-0000-4000-8000-${String(index).padStart(12, "0")}`;
    const total = index + 2;
    const ofPipeline = { pipelineUuid, pipelineName };
    runs.push(
      ...Array.from({ length: total }, (_, at) => ({ ...anyRun, ...ofPipeline, isSuccessful: at > 0 })),
    );
    const share = { good: total - 1, total };
    const duration = { kind: "duration", atMostMs: anyRun.elapsedMs, failed: "count" } as const;
    const volume = { kind: "volume", atLeast: total, days: days.slice(0, 1) } as const;
    objectives.push(
      objective({ ...ofPipeline, id: `p${index}`, share }),
      objective({ ...ofPipeline, id: `d${index}`, kind: "duration", terms: duration, share }),
      objective({
        ...ofPipeline,
        id: `v${index}`,
        kind: "volume",
        terms: volume,
        share: { good: 0, total: 1 },
      }),
    );
  }
  const deadlines = [];
  const freshnessGaps = [];
  for (const [index, id] of hostileIds.entries()) {
    const lateDays = Array.from({ length: index + 2 }, () => ({
      ...anyDay,
      objective: id,
      status: "late" as const,
    }));
    deadlines.push({ ...anyDay, objective: id, status: "on_time" as const }, ...lateDays);
    freshnessGaps.push({ ...gap, objective: `${id}x`, breachMs: 1000 * (index + 1) + 0.25 });
    const breach = index + 1 + 0.000_25;
    objectives.push(
      objective({
        id,
        kind: "deadline",
        terms: { kind: "deadline" },
        share: { good: 1, total: index + 3 },
      }),
      objective({
        id: `${id}x`,
        kind: "freshness",
        terms: { kind: "freshness" },
        share: { good: 604_800 - breach, total: 604_800 },
      }),
    );
  }
  const trend = hostileNames.flatMap((_, index) =>
    base.trend
      .filter(({ objective: id }) => id === "succeeds")
      .map((point) => Object.assign({}, point, { objective: `p${index}` })),
  );
  return fixtureReport({ objectives, runs, deadlines, freshnessGaps, trend });
}

/** The workbook with the results of its formulas spoilt, so that only who works them out knows them. */
async function withoutResults(workbook: Buffer): Promise<Buffer> {
  const zip = await JSZip.loadAsync(workbook);
  for (const path of ["xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"]) {
    const sheet = (await zip.file(path)?.async("string")) ?? "";
    zip.file(path, sheet.replaceAll(/<\/f><v>[^<]*<\/v>/g, "</f><v>-1</v>"));
  }
  return zip.generateAsync({ type: "nodebuffer" });
}

/** Every sheet's cells after LibreOffice has opened the workbook and calculated all of it. */
async function recalculated(workbook: Buffer): Promise<Record<string, unknown[][]>> {
  const folder = await mkdtemp(join(tmpdir(), "workbook-"));
  try {
    await mkdir(join(folder, "profile/user"), { recursive: true });
    await writeFile(join(folder, "profile/user/registrymodifications.xcu"), alwaysRecalculate);
    await writeFile(join(folder, "report.xlsx"), workbook);
    const profile = `-env:UserInstallation=file://${folder}/profile`;
    await run(
      soffice.path,
      [profile, "--headless", "--convert-to", "xlsx", "--outdir", "out", "report.xlsx"],
      { cwd: folder },
    );
    return await read(await readFile(join(folder, "out/report.xlsx")));
  } finally {
    await rm(folder, { recursive: true });
  }
}

const alwaysRecalculate =
  '<oor:items xmlns:oor="http://openoffice.org/2001/registry"><item oor:path="/org.openoffice.Office.Calc/Formula/Load">' +
  '<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item></oor:items>';
