import fc from "fast-check";
import stringWidth from "string-width";
import { expect, test } from "vitest";
import { toText } from "../src/styled-text.ts";
import { drawTable } from "../src/table.ts";
import { visibleText } from "../src/visible-text.ts";
import { wrapped } from "../src/wrap.ts";

const COLUMNS = [{ title: "Pipeline" }, { title: "Runs", align: "right" }, { title: "Last error" }] as const;

function draw(rows: readonly (readonly string[])[], width: number): string[] {
  return toText(drawTable(COLUMNS, rows, width), false)
    .trimEnd()
    .split("\n");
}

test("is a table where there is room", () => {
  expect(draw([["orders", "1,204", "550 no such user"]], 80)).toEqual([
    "Pipeline   Runs  Last error",
    "orders    1,204  550 no such user",
  ]);
});

test("wraps texts where there is less", () => {
  expect(draw([["orders", "1,204", "550 no such user here"]], 34)).toEqual([
    "Pipeline   Runs  Last error",
    "orders    1,204  550 no such user",
    "                 here",
  ]);
});

test("folds where there is too little, each figure beside its title", () => {
  expect(
    draw(
      [
        ["orders", "1,204", "550 no"],
        ["crm", "7", ""],
      ],
      26,
    ),
  ).toEqual(["orders  Runs 1,204", "        Last error 550 no", "crm     Runs 7"]);
});

test("keeps the colours of what it folds", () => {
  const status = { text: "failed", style: "red" } as const;
  const columns = [{ title: "Recipient" }, { title: "Status" }, { title: "Sent", align: "right" }] as const;
  const rows = [["a@acme.example", status, "y".repeat(50)]];
  const text = toText(drawTable(columns, rows, 70), true);
  expect(text).toContain("Status \u001b[31mfailed\u001b[39m\n");
});

const cell = fc.string({
  unit: fc.constantFrom("a", "Z", " ", "漢", "👩‍💻", "é", "\u001b", "\n", "\u202e"),
  maxLength: 60,
});

test("never is wider than it may be, and loses no letter", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(cell, fc.nat().map(String), cell), { minLength: 1, maxLength: 5 }),
      fc.integer({ min: 40, max: 120 }),
      (rows, width) => {
        const lines = draw(rows, width);
        expect(Math.max(...lines.map((line) => stringWidth(line)))).toBeLessThanOrEqual(width);
        // Titles have none of these.
        const letters = (text: string): number => text.match(/[Z漢]/gu)?.length ?? 0;
        expect(letters(lines.join(""))).toBe(letters(rows.flat().join("")));
      },
    ),
  );
});

test("breaks between words, and inside those that are longer than a line", () => {
  fc.assert(
    fc.property(
      cell.map((text) => visibleText(text)),
      fc.integer({ min: 2, max: 40 }),
      (text, width) => {
        const lines = wrapped(text, width);
        for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(width);
        expect(lines.join("").replaceAll(" ", "")).toBe(text.replaceAll(" ", ""));
      },
    ),
  );
});
