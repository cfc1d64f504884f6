import JSZip from "jszip";
import { beforeAll, describe, expect, it } from "vitest";
import type { WeeklyReport } from "@runledger/sla";
import { writeWorkbook } from "../src/workbook.ts";
import { fixtureReport, objective } from "@runledger/sla/testing/fixture-report";
import { parts, read, row, toSecond } from "../src/testing/workbook-fixture.ts";

/** CT_Worksheet of ECMA-376, as far as it is used. */
const sheetParts = [
  "sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "mergeCells", "conditionalFormatting",
  "hyperlinks", "pageMargins", "pageSetup", "headerFooter", "drawing", "legacyDrawing", "tableParts",
]; // prettier-ignore

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
      "Exclusions",
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
    ["Exclusions", ["From", "To", "Length", "Kind", "Reason", "Approved by"]],
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

  it("tells below the table what the report is of, without a cell that is none of the table's", () => {
    expect(sheets["Summary"]).toHaveLength(6);
    const drawing = xml["xl/drawings/drawing1.xml"];
    for (const expected of [
      "Customer: Finance Controlling;",
      "Week: 2026-W12, 16–22 Mar 2026;",
      "168 hours in Europe/Berlin;",
      "Revision: 1;",
      "As of: Mon 23 Mar 2026, 06:00; data up to Mon 23 Mar 2026, 05:41",
      "Missed: 1; At risk: 1; Insufficient data: 1; Met: 2; Not in force: 0",
    ]) {
      expect(drawing).toContain(expected);
    }
  });

  it("prints figures as numbers, rounded down", () => {
    expect(row(sheets, "Summary", "fast").slice(0, summaryHeader.length)).toEqual([
      "fast", "orders-to-warehouse", "duration", 0.95, 0.9583, 168, 7, 8, 0.1666, 0.84, 0.9747, -0.0297, "at_risk",
    ]); // prettier-ignore
  });

  it("leaves blank what cannot be figured", () => {
    expect(row(sheets, "Summary", "enough").slice(3, summaryHeader.length)).toEqual([
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

  it("prints how long recovery takes and how long it holds, where incidents were closed", () => {
    const [header = []] = sheets["Objectives"] ?? [];
    const first = header.indexOf("Mean time to recover");
    expect(header[first + 1]).toBe("Mean time between failures");
    expect(row(sheets, "Objectives", "fast").slice(first, first + 2)).toEqual([
      new Date("1899-12-30T01:30:00Z"),
      new Date("1900-01-03T04:00:00Z"),
    ]);
    expect(row(sheets, "Objectives", "succeeds").slice(first, first + 2)).toEqual([null, null]);
  });

  it("says which runs are not counted and why", () => {
    expect(row(sheets, "Runs", "00000000-0000-4000-8000-000000000025").slice(9, 11)).toEqual([
      "no",
      "Maintenance",
    ]);
  });

  it("times an open incident up to the end of the week, whenever it is printed, and leaves its end blank", () => {
    const incident = row(sheets, "Incidents", "fast");
    expect(incident[3]).toBeNull();
    expect(incident[4]).toEqual(new Date("1899-12-30T02:50:00Z"));
    expect(incident[8]).toBe("open at the end of the week");
  });

  it("explains itself: zone, week, as-of, definition and data notes", () => {
    const method = JSON.stringify(sheets["Method"]);
    for (const expected of [
      "Europe/Berlin",
      "168 hours",
      "Mon 23 Mar 2026, 06:00",
      "5a1f4c0e",
      "2 rows of its run log could not be read",
      "Runledger 0.1.0",
    ]) {
      expect(method).toContain(expected);
    }
  });

  it("names the zone beside every local time", () => {
    expect(xml["xl/comments4.xml"]).toContain("Europe/Berlin");
  });

  it("orders the parts of a sheet as the schema has it, lest Excel calls the file damaged", () => {
    for (const sheet of Object.keys(xml).filter((path) => path.startsWith("xl/worksheets/sheet"))) {
      const order = [...(xml[sheet] ?? "").matchAll(/<(\w+)/g)].map(([, element]) =>
        sheetParts.indexOf(element ?? ""),
      );
      const places = order.filter((place) => place >= 0);
      expect(places, sheet).toEqual(places.toSorted((a, b) => a - b));
    }
  });

  it("orders the elements of a font as the schema has it", () => {
    const fonts = [...(xml["xl/styles.xml"] ?? "").matchAll(/<font>(.*?)<\/font>/g)];
    const orders = fonts.map(([, font]) => [...(font ?? "").matchAll(/<(\w+)/g)].map(([, name]) => name));
    expect(orders).toContainEqual(["b", "sz", "color", "name", "family"]);
    for (const order of orders) {
      expect(order).toEqual(
        ["b", "sz", "color", "name", "family", "scheme"].filter((name) => order.includes(name)),
      );
    }
  });

  it("prints on landscape pages, one wide, with its header repeated and agreement, week and page named", () => {
    const sheet = xml["xl/worksheets/sheet1.xml"];
    expect(sheet).toMatch(/<pageSetup [^>]*orientation="landscape"[^>]*fitToWidth="1" fitToHeight="1"/);
    expect(xml["xl/worksheets/sheet5.xml"]).toMatch(/<pageSetup [^>]*fitToWidth="1" fitToHeight="0"/);
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

it("lists in a later revision what it changed, each figure as what it is", async () => {
  const change = { objective: "succeeds", figure: "attained", before: 0.99, now: 0.979_999 } as const;
  const verdict = { objective: "succeeds", figure: "verdict", before: "met", now: "missed" } as const;
  const mean = { objective: "fast", figure: "mean_time_to_recover", before: null, now: 5_400_000 } as const;
  const report = fixtureReport({
    revision: 2,
    changes: [verdict, change, mean],
    causes: ["late_rows", "coverage"],
  });
  const why = "runs came in late or changed; other days are now proven, in dispute or synced";
  expect((await read(await writeWorkbook(report)))["Changes"]).toEqual([
    ["Objective", "Figure", "Revision 1", "Revision 2", "Why"],
    ["succeeds", "Verdict", "met", "missed", why],
    ["succeeds", "Attained", 0.99, 0.979999, why],
    ["fast", "Mean time to recover", null, new Date("1899-12-30T01:30:00Z"), why],
  ]);
});

it("lists each time that is taken out, and who agreed to it", async () => {
  const [, excluded] = (await read(await writeWorkbook(fixtureReport())))["Exclusions"] ?? [];
  expect(excluded?.slice(0, 2).map(toSecond)).toEqual(["2026-03-17T04:30:00", "2026-03-17T06:30:00"]);
  expect(excluded?.slice(3)).toEqual(["once", "Maintenance", "change-board", "no"]);
});

describe("what is seen without colour", () => {
  let xml: Record<string, string>;

  beforeAll(async () => {
    xml = await parts(await writeWorkbook(fixtureReport()));
  });

  it("is a sign before each verdict", () => {
    const formats = [...(xml["xl/styles.xml"] ?? "").matchAll(/<dxf>.*?formatCode="([^"]*)"/g)];
    expect(new Set(formats.map(([, format]) => format))).toEqual(
      new Set(["✖", "▲", "?", "✔", "–"].map((sign) => `&quot;${sign} &quot;@`)),
    );
    expect(xml["xl/worksheets/sheet1.xml"]).toMatch(
      /sqref="M2:M6"><cfRule type="cellIs" dxfId="0" priority="\d" operator="equal"><formula>&quot;missed&quot;</,
    );
  });

  it("is a bar for the budget that is left, and a symbol for how fast it burns", () => {
    const sheet = xml["xl/worksheets/sheet1.xml"];
    expect(sheet).toMatch(/sqref="I2:I6"><cfRule type="dataBar"/);
    expect(sheet).toMatch(/<x14:cfRule type="dataBar".*<xm:sqref>I2:I6<\/xm:sqref>/);
    expect(sheet).toMatch(/sqref="J2:J6"><cfRule type="iconSet".*<cfvo type="num" val="0.75" gte="0"\/>/);
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
  const runs = finished.map((at) => Object.assign({}, first, { finishedAt: Date.parse(at) * 1000 }));
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

function withObjective(overrides: Parameters<typeof objective>[0]): WeeklyReport {
  return fixtureReport({ objectives: [objective(overrides)] });
}

function withIncidentError(errorMessage: string): WeeklyReport {
  const [incident] = fixtureReport().incidents;
  if (incident === undefined) throw new Error("the fixture has incidents");
  return fixtureReport({ incidents: [{ ...incident, errorMessage }] });
}
