import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import { drawProgress, type JobProgress } from "../src/progress.ts";

const job = (name: string, share: number, state: JobProgress["state"]): JobProgress => ({
  name,
  share,
  state,
  note: "12 rows",
});

test("draws a bar per job, the running ones last", () => {
  const picture = drawProgress([
    job("orders", 0.5, "running"),
    job("crm", 1, "done"),
    job("hr", 0.25, "failed"),
  ]);
  expect(stripVTControlCharacters(picture).split("\n")).toEqual([
    "✔ crm    ━━━━━━━━━━━━━━━━━━━━━━━━ 100%  12 rows",
    "✖ hr     ━━━━━━──────────────────  25%  12 rows",
    "• orders ━━━━━━━━━━━━──────────── 50%  12 rows".replace(" 50%", "  50%"),
  ]);
});

test("fits the terminal in both directions", () => {
  const jobs = Array.from({ length: 50 }, (_, n) => job(`pipeline-${n}`, 0.3, "running"));
  const lines = stripVTControlCharacters(drawProgress(jobs, 40, 10)).split("\n");
  expect(lines).toHaveLength(9);
  expect(lines[0]).toBe("… 42 more");
  expect(Math.max(...lines.map((line) => line.length))).toBe(40);
});
