import { expect, it } from "vitest";
import type { RunEvidence } from "@runledger/sla";
import { writeWorkbook } from "../src/workbook.ts";
import { fixtureReport } from "@runledger/sla/testing/fixture-report";
import { parts, read } from "../src/testing/workbook-fixture.ts";

const sheet = "xl/worksheets/sheet5.xml";
const [run] = fixtureReport().runs;
if (run === undefined) throw new Error("the fixture has runs");

const texts = ["=1+1", "+1", "-1", "@SUM(A1)", "<&>\"'", "two\nlines", "Ünïcode 漢字 🚂", "]]>"];

it("keeps the text of a run as it is, and never as a formula", async () => {
  const workbook = await writeWorkbook(withRuns(texts.map((errorMessage) => ({ errorMessage }))));
  const rows = (await read(workbook))["Runs"] ?? [];
  expect(rows.slice(1).map((cells) => cells[11])).toEqual(texts);
  expect((await parts(workbook))[sheet]).not.toContain("<f>");
});

it("keeps the spaces at the edges of a text", async () => {
  const xml = await parts(await writeWorkbook(withRuns([{ errorMessage: " edges " }])));
  expect(xml[sheet]).toContain('<t xml:space="preserve"> edges </t>');
});

it("drops from a run what XML forbids, cuts it to what a cell holds and escapes what Excel would decode", async () => {
  const xml = await parts(
    await writeWorkbook(withRuns([{ errorMessage: `a\u0000b\uFFFEc\uD800d _x0041_ ${"x".repeat(40_000)}` }])),
  );
  const [, text = ""] = /<c r="L2"[^>]*><is><t>([^<]*)</.exec(xml[sheet] ?? "") ?? [];
  expect(text).toMatch(/^abcd _x005F_x0041_ x+…$/);
  expect(text).toHaveLength(32_767);
});

it("says everywhere how far the runs reach", async () => {
  const xml = await parts(await writeWorkbook(withRuns([{}, {}, {}])));
  expect(xml[sheet]).toContain('<dimension ref="A1:M4"/>');
  expect(xml[sheet]).toContain('<conditionalFormatting sqref="G2:G4">');
  expect(xml["xl/tables/table5.xml"]?.match(/ ref="A1:M4"/g)).toHaveLength(2);
  expect([...(xml[sheet] ?? "").matchAll(/<row r="(\d+)"/g)].map(([, row]) => row)).toEqual([
    "1",
    "2",
    "3",
    "4",
  ]);
});

it("shows each value as its kind is shown", async () => {
  const xml = await parts(await writeWorkbook(withRuns([{}])));
  expect(["C2", "D2", "E2"].map((cell) => lookOf(xml, cell).format)).toEqual(
    Array.from({ length: 3 }, () => "yyyy-mm-dd hh:mm:ss"),
  );
  expect(lookOf(xml, "F2").format).toBe("46"); // built in: [h]:mm:ss
  expect(lookOf(xml, "H2")).toEqual({
    format: "3",
    alignment: expect.stringContaining('horizontal="right"'),
  });
});

it("wraps a long text, and makes its row as high as that takes", async () => {
  const xml = await parts(await writeWorkbook(withRuns([{}, { errorMessage: "warehouse ".repeat(20) }])));
  const heights = [...(xml[sheet] ?? "").matchAll(/<row r="[23]" ht="(\d+)"/g)].map(([, height]) =>
    Number(height),
  );
  expect(heights).toEqual([19, 94]);
  expect(lookOf(xml, "L2").alignment).not.toContain("wrapText");
  expect(lookOf(xml, "L3").alignment).toContain('wrapText="1"');
});

it("makes a column as wide as its widest text, however late that comes", async () => {
  const runs = Array.from({ length: 1500 }, (_, index) => ({
    errorMessage: index < 1499 ? null : "x".repeat(30),
  }));
  const xml = await parts(await writeWorkbook(withRuns(runs)));
  expect(xml[sheet]).toContain('<col min="12" max="12" width="33" customWidth="1"/>');
});

it("fails when the runs cannot be read once more to be written", async () => {
  let timesRead = 0;
  const runs = {
    length: 1,
    *[Symbol.iterator]() {
      yield run;
      timesRead += 1;
      if (timesRead === 3) throw new Error("connection lost");
    },
  };
  await expect(writeWorkbook({ ...fixtureReport(), runs })).rejects.toThrow("connection lost");
});

function withRuns(runs: readonly Partial<RunEvidence>[]) {
  return fixtureReport({ runs: runs.map((each) => Object.assign({}, run, each)) });
}

/** The number format of a cell, by its code or by the number of one that is built in, and its alignment. */
function lookOf(xml: Record<string, string>, cell: string): { format: string; alignment: string } {
  const styles = xml["xl/styles.xml"] ?? "";
  const [, number] = new RegExp(`<c r="${cell}" s="(\\d+)"`).exec(xml[sheet] ?? "") ?? [];
  const [, looks = ""] = /<cellXfs[^>]*>(.*)<\/cellXfs>/.exec(styles) ?? [];
  const look = looks.match(/<xf [^>]*?(?:\/>|>.*?<\/xf>)/g)?.[Number(number)] ?? "";
  const [, format = ""] = /numFmtId="(\d+)"/.exec(look) ?? [];
  const [, code] = new RegExp(`numFmtId="${format}" formatCode="([^"]*)"`).exec(styles) ?? [];
  return { format: code ?? format, alignment: /<alignment[^>]*>/.exec(look)?.[0] ?? "" };
}
