import fc from "fast-check";
import { expect, test } from "vitest";
import { visibleJson, visibleText } from "../src/visible-text.ts";

/** Whether a terminal might do something else than show the code point; by the ranges of the standard, one by one. */
function isHidden(point: number): boolean {
  const ranges = [
    [0x00, 0x1f],
    [0x7f, 0x9f],
    [0xad, 0xad],
    [0x61c, 0x61c],
    [0x180e, 0x180e],
    [0x200b, 0x200b],
    [0x200e, 0x200f],
    [0x2028, 0x202e],
    [0x2060, 0x206f],
    [0xd800, 0xdfff],
    [0xfeff, 0xfeff],
    [0xfff9, 0xfffb],
    [0xe0001, 0xe007f],
  ] as const;
  return ranges.some(([first, last]) => first <= point && point <= last);
}

const anyText = fc.string({
  unit: fc
    .oneof(
      fc.integer({ min: 0, max: 0x2100 }),
      fc.integer({ min: 0xd7f0, max: 0xe010 }),
      fc.integer({ min: 0, max: 0xe01ff }),
    )
    .map((point) => String.fromCodePoint(point)),
  maxLength: 200,
});

test("shows no text but as text, and shows it the same twice", () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const shown = visibleText(text);
      const hidden = Array.from(shown).filter((each) => isHidden(each.codePointAt(0) ?? 0));
      expect(hidden).toEqual([]);
      expect(visibleText(shown)).toBe(shown);
    }),
    { numRuns: 2000 },
  );
});

test("spells out what is hidden, and leaves what people write", () => {
  expect(visibleText("a\u001b[2J\u009b\u202e\r\n\t\u0007\u007f\ud800z")).toBe(
    "a\\u{1b}[2J\\u{9b}\\u{202e}\\r\\n\\t\\u{7}\\u{7f}\\u{d800}z",
  );
  const written = "Größe naïve 漢字 עברית العربية 👩‍💻 می‌خواهم €";
  expect(visibleText(written)).toBe(written);
});

test("cuts what is too long, not through a character", () => {
  expect(visibleText("x".repeat(3000))).toBe(`${"x".repeat(2000)}… (1,000 more characters)`);
  expect(visibleText(`${"x".repeat(9)}👩`, 10)).toBe(`${"x".repeat(9)}… (2 more characters)`);
});

test("is the same JSON, with nothing hidden in it", () => {
  fc.assert(
    fc.property(fc.dictionary(anyText, anyText), (value) => {
      const json = visibleJson(value, 2);
      expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(value)));
      const hidden = Array.from(json).filter((each) => each !== "\n" && isHidden(each.codePointAt(0) ?? 0));
      expect(hidden).toEqual([]);
    }),
  );
});
