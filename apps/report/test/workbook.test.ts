import JSZip from "jszip";
import readXlsx from "read-excel-file/node";
import { beforeAll, describe, expect, it } from "vitest";
import type { WeeklyReport } from "../src/report-model.ts";
import { writeWorkbook } from "../src/workbook.ts";
import { fixtureReport, objective } from "./fixture-report.ts";

const summaryHeader = [
  "Objective", "Pipeline", "Type", "Target", "Attained", "Total", "Bad",
  "Allowed bad", "Budget left", "Burn rate", "4 weeks", "Change", "Verdict",
]; // prettier-ignore

describe("the workbook of a week", () => {
  let sheets: Record<string, unknown[][]>;
  let xml: Record<string, string>;

  beforeAll(async () => {
    const workbook = await writeWorkbook(fixtureReport());
    sheets = await read(workbook);
    xml = await parts(workbook);
  });

  it("has the sheets in the agreed order", () => {
    expect(Object.keys(sheets)).toEqual([
      "Summary",
      "Objectives",
      "Deadlines",
      "Incidents",
      "Runs",
      "Freshness",
      "Trend",
      "Method",
    ]);
  });

  it.each([
    ["Summary", summaryHeader],
    ["Objectives", [...summaryHeader, "Good", "Excluded", "Attained (raw)", "Definition"]],
    [
      "Deadlines",
      ["Objective", "Date", "Opens", "Due", "Completed", "Late by (min)", "Status", "Attempts", "Run"],
    ],
    ["Freshness", ["Objective", "Gap from", "Gap to", "Limit", "Breach (min)"]],
    [
      "Incidents",
      ["Objective", "Pipeline", "Opened", "Closed", "Duration", "Bad events", "First failing task", "Error"],
    ],
    [
      "Runs",
      [
        "Run",
        "Pipeline",
        "Started",
        "Finished",
        "Finished (UTC)",
        "Duration",
        "State",
        "Tasks",
        "Failed tasks",
        "Counted",
        "Why not",
      ],
    ],
    ["Trend", ["Week", "Objective", "Total", "Attained", "Verdict"]],
  ])("heads %s with the agreed columns, in their order", (name, header) => {
    expect(sheets[name]?.[0]?.slice(0, header.length)).toEqual(header);
  });

  it("makes each sheet one table that holds every row, named uniquely and headed by its cells", () => {
    const names = Object.keys(sheets);
    for (const [index, name] of names.entries()) {
      const table = xml[`xl/tables/table${index + 1}.xml`] ?? "";
      const rows = sheets[name] ?? [];
      expect(table).toContain(`displayName="${name}"`);
      expect(table).toMatch(new RegExp(`<table [^>]*ref="A1:[A-Z]+${rows.length}"`));
      expect(table).toContain("<autoFilter ");
      const columns = [...table.matchAll(/<tableColumn [^>]*name="([^"]*)"/g)].map(([, column]) => column);
      expect(columns).toEqual(rows[0]);
    }
  });

  it("puts the worst objective first", () => {
    const summary = sheets["Summary"] ?? [];
    expect(summary.slice(1).map(([id]) => id)).toEqual(["by-six", "fast", "enough", "succeeds", "fresh"]);
    expect(summary.slice(1).map((cells) => cells[12])).toEqual([
      "missed",
      "at_risk",
      "insufficient_data",
      "met",
      "met",
    ]);
  });

  it("prints figures as numbers, rounded down", () => {
    expect(row(sheets, "Summary", "fast")).toEqual([
      "fast", "orders-to-warehouse", "duration", 0.95, 0.9583, 168, 7, 8, 0.1666, 0.84, 0.9747, -0.0297, "at_risk",
    ]); // prettier-ignore
  });

  it("leaves blank what cannot be figured", () => {
    expect(row(sheets, "Summary", "enough").slice(3)).toEqual([
      1,
      null,
      0,
      0,
      0,
      null,
      null,
      1,
      null,
      "insufficient_data",
    ]);
  });

  it("prints times as dates of the agreement's wall clock, beside UTC", () => {
    const run = row(sheets, "Runs", "00000000-0000-4000-8000-000000000000");
    expect(toSecond(run[3])).toBe("2026-03-16T05:12:09");
    expect(toSecond(run[4])).toBe("2026-03-16T04:12:09");
  });

  it("prints durations as fractions of a day that read as hours, minutes and seconds", () => {
    const run = row(sheets, "Runs", "00000000-0000-4000-8000-000000000000");
    expect(xml["xl/worksheets/sheet5.xml"]).toContain(`<v>${25 / (24 * 60)}</v>`);
    expect(run[5]).toEqual(new Date("1899-12-30T00:25:00Z"));
    expect(xml["xl/styles.xml"]).toContain('numFmtId="46"'); // built in: [h]:mm:ss
  });

  it("says which runs are not counted and why", () => {
    expect(row(sheets, "Runs", "00000000-0000-4000-8000-000000000025").slice(9, 11)).toEqual([
      "no",
      "Maintenance",
    ]);
  });

  it("times an open incident up to the as-of and leaves its end blank", () => {
    const incident = row(sheets, "Incidents", "fast");
    expect(incident[3]).toBeNull();
    expect(incident[4]).toEqual(new Date("1899-12-30T08:50:00Z"));
  });

  it("explains itself: zone, week, as-of, definition and data notes", () => {
    const method = JSON.stringify(sheets["Method"]);
    for (const expected of [
      "Europe/Berlin",
      "168 hours",
      "Mon 23 Mar 2026, 06:00",
      "5a1f4c0e",
      "quarantined",
      "Runledger 0.1.0",
    ]) {
      expect(method).toContain(expected);
    }
  });

  it("names the zone beside every local time", () => {
    expect(xml["xl/comments4.xml"]).toContain("Europe/Berlin");
  });

  it("orders the parts of a sheet as the schema has it, lest Excel calls the file damaged", () => {
    for (const sheet of [1, 2, 3, 4, 5].map((number) => xml[`xl/worksheets/sheet${number}.xml`])) {
      expect(sheet).toMatch(
        /<headerFooter>.*<legacyDrawing [^>]*\/><tableParts .*<\/tableParts><\/worksheet>$/s,
      );
    }
  });

  it("prints on landscape pages, one wide, with its header repeated and agreement, week and page named", () => {
    const sheet = xml["xl/worksheets/sheet1.xml"];
    expect(sheet).toMatch(/<pageSetup [^>]*orientation="landscape"[^>]*fitToHeight="0"/);
    expect(sheet).toContain('state="frozen"');
    expect(sheet).toMatch(/<oddHeader>.*Finance daily close.*2026-W12.*<\/oddHeader>/);
    expect(sheet).toContain("Page &amp;P of &amp;N");
    expect(xml["xl/workbook.xml"]).toContain("_xlnm.Print_Titles");
  });

  it("carries title, creator, language and the as-of as its only date", () => {
    const core = xml["docProps/core.xml"] ?? "";
    expect(core).toContain("<dc:title>Finance daily close — 2026-W12, revision 1</dc:title>");
    expect(core).toContain("<dc:creator>Runledger 0.1.0</dc:creator>");
    expect(core).toContain("<dc:language>en</dc:language>");
    expect(core.match(/2026-03-23T05:00:00Z/g)).toHaveLength(2);
  });
});

it("gives the same bytes for the same report", async () => {
  const [first, second] = [await writeWorkbook(fixtureReport()), await writeWorkbook(fixtureReport())];
  expect(first.equals(second)).toBe(true);
  const zip = await JSZip.loadAsync(first);
  expect(new Set(Object.values(zip.files).map(({ date }) => date.getTime())).size).toBe(1);
});

it("never shows 97.999 % as 98 %", async () => {
  const report = withObjective({ share: { good: 97_999, total: 100_000 }, verdict: "missed" });
  expect(row(await read(await writeWorkbook(report)), "Summary", "succeeds")[4]).toBe(0.9799);
});

it("keeps a share exact that the shown decimals can hold", async () => {
  const report = withObjective({ share: { good: 29, total: 100 }, verdict: "missed" });
  expect(row(await read(await writeWorkbook(report)), "Summary", "succeeds")[4]).toBe(0.29);
});

it.each(["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://example.test")'])(
  "keeps %s as text and not as a formula",
  async (errorMessage) => {
    const workbook = await writeWorkbook(withIncidentError(errorMessage));
    expect(row(await read(workbook), "Incidents", "by-six")[7]).toBe(errorMessage);
    expect((await parts(workbook))["xl/worksheets/sheet4.xml"]).not.toContain("<f>");
  },
);

it("drops what XML forbids and cuts text to what a cell holds", async () => {
  const hostile = `a\u0000b\uFFFEc\uD800d\u001B[31m ${"x".repeat(40_000)}`;
  const text = row(await read(await writeWorkbook(withIncidentError(hostile))), "Incidents", "by-six")[7];
  expect(text).toMatch(/^abcd\[31m x+…$/);
  expect(text).toHaveLength(32_767);
});

it("escapes what Excel would decode", async () => {
  const xml = await parts(await writeWorkbook(withIncidentError("_x0041_")));
  expect(xml["xl/sharedStrings.xml"]).toContain("_x005F_x0041_");
});

it("says that there were no incidents instead of leaving the sheet empty", async () => {
  const sheets = await read(await writeWorkbook(fixtureReport({ incidents: [] })));
  expect(sheets["Incidents"]?.[1]?.[0]).toBe("None this week");
});

it("doubles ampersands in page headers, where they start a code", async () => {
  const agreement = { ...fixtureReport().agreement, title: "R&D close" };
  const xml = await parts(await writeWorkbook(fixtureReport({ agreement })));
  expect(xml["xl/worksheets/sheet1.xml"]).toContain("R&amp;&amp;D close");
});

it("tells the two 02:30 of the night the clocks go back apart by their UTC column", async () => {
  const [first] = fixtureReport().runs;
  if (first === undefined) throw new Error("the fixture has runs");
  const finished = ["2026-10-25T00:30:00.000Z", "2026-10-25T01:30:00.000Z"];
  const runs = finished.map((at) => Object.assign({}, first, { finishedAt: new Date(at) }));
  const rows = (await read(await writeWorkbook(fixtureReport({ runs }))))["Runs"] ?? [];
  expect(rows.slice(1).map((cells) => toSecond(cells[3]))).toEqual([
    "2026-10-25T02:30:00",
    "2026-10-25T02:30:00",
  ]);
  expect(rows.slice(1).map((cells) => toSecond(cells[4]))).toEqual([
    "2026-10-25T00:30:00",
    "2026-10-25T01:30:00",
  ]);
});

/** Serial dates are binary fractions of a day: a reader may be a millisecond off. */
function toSecond(value: unknown): string {
  return value instanceof Date ? new Date(value.getTime() + 1).toISOString().slice(0, 19) : String(value);
}

function withObjective(overrides: Parameters<typeof objective>[0]): WeeklyReport {
  return fixtureReport({ objectives: [objective(overrides)] });
}

function withIncidentError(errorMessage: string): WeeklyReport {
  const [incident] = fixtureReport().incidents;
  if (incident === undefined) throw new Error("the fixture has incidents");
  return fixtureReport({ incidents: [{ ...incident, errorMessage }] });
}

async function read(workbook: Buffer): Promise<Record<string, unknown[][]>> {
  const sheets = await readXlsx(workbook);
  return Object.fromEntries(sheets.map(({ sheet, data }) => [sheet, data]));
}

async function parts(workbook: Buffer): Promise<Record<string, string>> {
  const { files } = await JSZip.loadAsync(workbook);
  return Object.fromEntries(
    await Promise.all(Object.values(files).map(async (file) => [file.name, await file.async("string")])),
  );
}

function row(sheets: Record<string, unknown[][]>, sheet: string, first: string): unknown[] {
  return sheets[sheet]?.find(([name]) => name === first) ?? [];
}
