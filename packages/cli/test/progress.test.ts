import stringWidth from "string-width";
import { expect, test } from "vitest";
import { drawProgress, type JobProgress } from "../src/progress.ts";
import { toText } from "../src/styled-text.ts";

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
  expect(toText(picture, false).trimEnd().split("\n")).toEqual([
    "✔ crm    ━━━━━━━━━━━━━━━━━━━━━━━━ 100%  12 rows",
    "✖ hr     ━━━━━━──────────────────  25%  12 rows",
    "• orders ━━━━━━━━━━━━──────────── 50%  12 rows".replace(" 50%", "  50%"),
  ]);
});

test("fits the terminal in both directions", () => {
  const jobs = Array.from({ length: 50 }, (_, n) => job(`pipeline-${n}`, 0.3, "running"));
  const lines = toText(drawProgress(jobs, 40, 10), false)
    .trimEnd()
    .split("\n");
  expect(lines).toHaveLength(9);
  expect(lines[0]).toBe("… 42 more");
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(40);
});

test("keeps to its line whatever names and notes hold", () => {
  const hostile = { ...job("a\u001b[2Jb\n漢字", 0.3, "running"), note: `no\nanswer\u202e${"x".repeat(300)}` };
  for (const columns of [20, 60, 80, 200]) {
    const text = toText(drawProgress([hostile], columns), false).trimEnd();
    // oxlint-disable-next-line no-control-regex
    expect(text).not.toMatch(/[\n\u001b\u202e]/u);
    expect(stringWidth(text)).toBeLessThanOrEqual(columns);
  }
});
