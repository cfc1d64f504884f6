import { expect, test } from "vitest";
import { writeWorkbook } from "../src/workbook.ts";
import { fixtureReport } from "@runledger/sla/testing/fixture-report";
import { read } from "../src/testing/workbook-fixture.ts";

test("rounds minutes up: who is late by a millisecond is late by a minute", async () => {
  const [day] = fixtureReport().deadlines;
  if (day === undefined) throw new Error("the fixture has due days");
  const late = [0.001, 1, 59_999, 60_000, 60_001, 2_800_000, null];
  const deadlines = late.map((lateByMs) => ({ ...day, lateByMs, status: "late" as const }));
  const sheets = await read(await writeWorkbook(fixtureReport({ deadlines })));
  const [header = [], ...rows] = sheets["Deadlines"] ?? [];
  const column = header.indexOf("Late by (min)");
  expect(rows.map((row) => row[column])).toEqual([1, 1, 1, 1, 2, 47, null]);
});
