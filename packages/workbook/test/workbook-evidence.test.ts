import { describe, expect, it } from "vitest";
import type { RunEvidence, WeeklyReport } from "@runledger/sla";
import { writeWorkbook } from "../src/workbook.ts";
import { fixtureReport, objective } from "@runledger/sla/testing/fixture-report";
import { parts, read, row } from "../src/testing/workbook-fixture.ts";
import { hostileIds } from "./workbook-hostile-names.ts";

const [run] = fixtureReport().runs;
if (run === undefined) throw new Error("the fixture has runs");

describe("the evidence of a workbook", () => {
  it("leads from each objective to a name for the rows that prove it", async () => {
    const xml = await parts(await writeWorkbook(fixtureReport()));
    const names = Object.fromEntries(
      [...(xml["xl/workbook.xml"] ?? "").matchAll(/<definedName name="(\w+)">([^<]*)</g)].map(
        ([, name, cells]) => [name, cells],
      ),
    );
    expect(names).toMatchObject({
      Evidence_succeeds: "'Runs'!$A$2:$M$171",
      Evidence_fast: "'Runs'!$A$2:$M$171",
      Evidence_by_six: "'Deadlines'!$A$2:$J$6",
      Evidence_fresh: "'Freshness'!$A$1:$G$1",
      Evidence_enough: "'Runs'!$A$1:$M$1",
    });
    const links = [
      ...(xml["xl/worksheets/sheet1.xml"] ?? "").matchAll(/<hyperlink ref="(\w+)" location="(\w+)"/g),
    ];
    expect(links.map(([, cell, name]) => [cell, name])).toEqual([
      ["N2", "Evidence_by_six"],
      ["N3", "Evidence_fast"],
      ["N4", "Evidence_enough"],
      ["N5", "Evidence_succeeds"],
      ["N6", "Evidence_fresh"],
    ]);
  });

  it("names the headline numbers", async () => {
    const workbook = await writeWorkbook(fixtureReport());
    const sheets = await read(workbook);
    const names = (await parts(workbook))["xl/workbook.xml"] ?? "";
    const valueNamed = (name: string): unknown => {
      const [, sheet = "", column = "", line] =
        new RegExp(`name="${name}">'(\\w+)'!\\$([A-Z])\\$(\\d+)<`).exec(names) ?? [];
      return sheets[sheet]?.[Number(line) - 1]?.[column.charCodeAt(0) - 65];
    };
    expect(valueNamed("Attained_by_six")).toBe(0.8);
    expect(valueNamed("Count_missed")).toBe(1);
    expect(valueNamed("Count_met")).toBe(2);
    expect(valueNamed("Report_result")).toBe("1 of 5 missed");
    expect(valueNamed("Report_revision")).toBe(1);
    expect(valueNamed("Report_as_of")).toBe("Mon 23 Mar 2026, 06:00 Europe/Berlin");
  });

  it("keeps the names of objectives apart that differ by case or by - and _", async () => {
    const report = fixtureReport({
      objectives: ["a-b", "a_b", "A-B"].map((id) => objective({ id })),
    });
    const xml = (await parts(await writeWorkbook(report)))["xl/workbook.xml"];
    const names = [...(xml ?? "").matchAll(/name="(Evidence_\w+)"/g)].map(([, name]) => name);
    expect(names).toEqual(["Evidence_a_b", "Evidence_a_b_2", "Evidence_A_B_3"]);
  });

  it("names all objectives apart in names that Excel takes", async () => {
    const report = fixtureReport({ objectives: hostileIds.map((id) => objective({ id })) });
    const xml = (await parts(await writeWorkbook(report)))["xl/workbook.xml"];
    const names = [...(xml ?? "").matchAll(/name="((?:Evidence|Attained)_[\w.]+)"/g)].map(
      ([, name = ""]) => name,
    );
    expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(2 * hostileIds.length);
    expect(Math.max(...names.map((name) => name.length))).toBeLessThanOrEqual(255);
  });

  it("counts success and duration again from the runs", async () => {
    const objectives = (await read(await writeWorkbook(fixtureReport())))["Objectives"] ?? [];
    expect(recounts(objectives, "succeeds")).toEqual([168, 1, "agrees"]);
    expect(recounts(objectives, "fast")).toEqual([168, 7, "agrees"]);
  });

  it("counts a run that takes as long as is allowed as good, and one a microsecond longer as bad", async () => {
    for (const minutes of [7, 20, 45, 60, 77]) {
      const atMostMs = minutes * 60_000;
      const elapsed = [atMostMs, atMostMs + 0.001];
      const report = withRuns(
        {
          terms: { kind: "duration", atMostMs, failed: "count" },
          kind: "duration",
          share: { good: 1, total: 2 },
        },
        elapsed.map((elapsedMs) => ({ elapsedMs })),
      );
      const objectives = (await read(await writeWorkbook(report)))["Objectives"] ?? [];
      expect(recounts(objectives, "succeeds")).toEqual([2, 1, "agrees"]);
    }
  });

  it("leaves failed runs out of a duration that excludes them", async () => {
    const report = withRuns(
      {
        terms: { kind: "duration", atMostMs: 60_000, failed: "exclude" },
        kind: "duration",
        share: { good: 1, total: 1 },
      },
      [{ elapsedMs: 60_000 }, { elapsedMs: 1000, isSuccessful: false }],
    );
    const objectives = (await read(await writeWorkbook(report)))["Objectives"] ?? [];
    expect(recounts(objectives, "succeeds")).toEqual([1, 0, "agrees"]);
  });

  it("counts late, missed and empty days against a deadline, pending and excused ones not at all", async () => {
    const [day] = fixtureReport().deadlines;
    if (day === undefined) throw new Error("the fixture has deadlines");
    const statuses = ["on_time", "late", "missed", "no_run", "pending", "excused"] as const;
    const report = fixtureReport({
      objectives: [
        objective({
          id: "by-six",
          kind: "deadline",
          terms: { kind: "deadline" },
          share: { good: 1, total: 4 },
        }),
      ],
      deadlines: statuses.map((status) => Object.assign({}, day, { status })),
    });
    const objectives = (await read(await writeWorkbook(report)))["Objectives"] ?? [];
    expect(recounts(objectives, "by-six")).toEqual([4, 3, "agrees"]);
  });

  it("adds up what was stale, to the millisecond", async () => {
    const gap = { objective: "fresh", from: 0, to: null, limitMs: 1000 };
    const report = fixtureReport({
      objectives: [
        objective({
          id: "fresh",
          kind: "freshness",
          terms: { kind: "freshness" },
          share: { good: 604_800 - 90.123, total: 604_800 },
        }),
      ],
      freshnessGaps: [
        { ...gap, breachMs: 90_000 },
        { ...gap, breachMs: 123 },
      ],
    });
    const objectives = (await read(await writeWorkbook(report)))["Objectives"] ?? [];
    expect(recounts(objectives, "fresh")).toEqual([null, 90.123, "agrees"]);
  });

  it("counts days without enough successes by the date on which runs finished in the agreement's zone", async () => {
    const finishes = ["2026-03-17T22:59:59Z", "2026-03-17T23:00:00Z", "2026-03-18T12:00:00Z"];
    const report = withRuns(
      {
        terms: { kind: "volume", atLeast: 2, days: ["2026-03-17", "2026-03-18", "2026-03-19"] },
        kind: "volume",
        share: { good: 1, total: 3 },
      },
      finishes.map((at) => ({ finishedAt: Date.parse(at) * 1000 })),
    );
    const objectives = (await read(await writeWorkbook(report)))["Objectives"] ?? [];
    expect(recounts(objectives, "succeeds")).toEqual([null, 2, "agrees"]);
  });

  it("says so when the rows do not give the printed figures", async () => {
    const report = withRuns({ share: { good: 3, total: 3 } }, [{}, {}, { isSuccessful: false }]);
    const sheets = await read(await writeWorkbook(report));
    expect(recounts(sheets["Objectives"] ?? [], "succeeds")).toEqual([3, 1, "differs"]);
    expect(row(sheets, "Summary", "succeeds")[14]).toBe("differs");
  });

  it("keeps each count as a formula beside its result", async () => {
    const xml = (await parts(await writeWorkbook(fixtureReport())))["xl/worksheets/sheet2.xml"];
    expect(xml).toContain(
      "<f>COUNTIFS(Runs[Pipeline number],Objectives[[#This Row],[Pipeline number]],Runs[Counted],&quot;yes&quot;,Runs[State],&quot;failed&quot;)</f><v>1</v>",
    );
  });
});

describe("runs that are too many for a sheet", () => {
  const options = { rowsPerSheet: 60 };

  it("go on over further sheets, each with its table, none lost and none twice", async () => {
    const workbook = await writeWorkbook(fixtureReport(), options);
    const sheets = await read(workbook);
    const names = ["Runs", "Runs 2", "Runs 3"];
    expect(Object.keys(sheets).filter((name) => name.startsWith("Runs"))).toEqual(names);
    const found = names.flatMap((name) => (sheets[name] ?? []).slice(1).map(([uuid]) => uuid));
    expect(found).toEqual(Array.from(fixtureReport().runs, ({ runUuid }) => runUuid));
    expect((await parts(workbook))["xl/tables/table6.xml"]).toContain('displayName="Runs_2" ref="A1:M61"');
  });

  it("are counted over all of them, and named where they begin", async () => {
    const workbook = await writeWorkbook(fixtureReport(), options);
    expect(recounts((await read(workbook))["Objectives"] ?? [], "fast")).toEqual([168, 7, "agrees"]);
    const xml = await parts(workbook);
    expect(xml["xl/worksheets/sheet2.xml"]).toMatch(
      /COUNTIFS\(Runs\[.*\+COUNTIFS\(Runs_2\[.*\+COUNTIFS\(Runs_3\[/,
    );
    expect(xml["xl/workbook.xml"]).toContain("<definedName name=\"Evidence_fast\">'Runs'!$A$2:$M$61<");
  });

  it("need not be held: anything that can be gone through again will do", async () => {
    const { runs, ...report } = fixtureReport();
    const again = { length: runs.length, *[Symbol.iterator]() { yield* runs; } }; // prettier-ignore
    const [first, second] = [
      await writeWorkbook({ ...report, runs: again }),
      await writeWorkbook({ ...report, runs }),
    ];
    expect(first.equals(second)).toBe(true);
  });
});

/** Total recounted, bad recounted and check. */
function recounts(objectives: unknown[][], id: string): unknown[] {
  return objectives.find(([name]) => name === id)?.slice(-3) ?? [];
}

function withRuns(
  overrides: Parameters<typeof objective>[0],
  runs: readonly Partial<RunEvidence>[],
): WeeklyReport {
  return fixtureReport({
    objectives: [objective(overrides)],
    runs: runs.map((each) => Object.assign({}, run, each)),
  });
}
