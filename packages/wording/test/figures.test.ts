import { expect, it } from "vitest";
import {
  attainedText,
  budgetShown,
  burnRateShown,
  burnRateText,
  changeText,
  countsText,
  durationText,
  momentText,
  shortened,
  targetText,
  weekDates,
} from "../src/index.ts";

it.each([
  [97_999, 100_000, "97.99%"],
  [98, 100, "98.00%"],
  [29, 100, "29.00%"],
  [2_419_199, 2_419_200, "99.99%"],
  [0, 0, "–"],
])("reads %d of %d as %s", (good, total, text) => {
  expect(attainedText({ good, total })).toBe(text);
});

it("never rounds a share up, whatever the counts", () => {
  const shares = Array.from({ length: 300 }, (_, total) => total + 1).flatMap((total) =>
    Array.from({ length: total + 1 }, (_, good) => ({ good, total })),
  );
  const wrong = shares.filter(({ good, total }) => {
    const shown = BigInt(attainedText({ good, total }).replaceAll(/[.%]/g, ""));
    return shown !== (BigInt(good) * 10_000n) / BigInt(total);
  });
  expect(wrong).toEqual([]);
});

it("gives a target all its decimals", () => {
  expect(targetText({ numerator: 98, denominator: 100 })).toBe("98%");
  expect(targetText({ numerator: 99_999, denominator: 100_000 })).toBe("99.999%");
});

it("prints the difference of the printed shares", () => {
  expect(changeText({ good: 2, total: 3 }, { good: 1, total: 3 })).toBe("+33.33 pp");
  expect(changeText({ good: 1, total: 3 }, { good: 2, total: 3 })).toBe("−33.33 pp");
  expect(changeText({ good: 1, total: 3 }, { good: 1, total: 3 })).toBe("±0.00 pp");
  expect(changeText({ good: 1, total: 3 }, null)).toBe("–");
});

it("rounds against the reader's hopes: budget down, burn rate up", () => {
  expect(budgetShown(0.249_99)).toBe(0.2499);
  expect(budgetShown(-0.000_01)).toBe(-0.0001);
  expect(burnRateShown(1.001)).toBe(1.01);
  // Not −0, which reads "-0.00".
  expect(burnRateText(0)).toBe("0.00");
});

it("is not misled by binary fractions", () => {
  expect(budgetShown(0.29)).toBe(0.29);
  expect(burnRateShown(1 / 50 / (1 - 0.98))).toBe(1);
});

it.each([
  [0, "0 s"],
  [0.4, "400 µs"],
  [999, "999 ms"],
  [12_000, "12 s"],
  [2_700_000, "45 min"],
  [84_067_000, "23 h 21 min"],
  [604_800_000, "7 d"],
  [604_799_000, "6 d 23 h"],
])("tells %d ms as %s", (milliseconds, text) => {
  expect(durationText(milliseconds)).toBe(text);
});

it("counts runs, days and time", () => {
  expect(countsText("success", { good: 2015, total: 2016 })).toBe("2,015 of 2,016 runs");
  expect(countsText("deadline", { good: 4, total: 5 })).toBe("4 of 5 days");
  expect(countsText("freshness", { good: 590_400, total: 604_800 })).toBe("6 d 20 h of 7 d");
});

it.each([
  ["2026-03-15T23:00:00Z", "2026-03-22T23:00:00Z", "16–22 Mar 2026"],
  ["2026-03-29T22:00:00Z", "2026-04-05T22:00:00Z", "30 Mar – 5 Apr 2026"],
  ["2025-12-28T23:00:00Z", "2026-01-04T23:00:00Z", "29 Dec 2025 – 4 Jan 2026"],
])("dates the week from %s in its own zone", (start, end, text) => {
  expect(weekDates({ start: new Date(start), end: new Date(end), timezone: "Europe/Berlin" })).toBe(text);
});

it("tells a moment in the zone of the reader", () => {
  expect(momentText(new Date("2026-03-23T05:00:00Z"), "Europe/Berlin")).toBe("Mon 23 Mar 2026, 06:00");
});

it("does not cut through a surrogate pair", () => {
  expect(shortened("ab😀cd", 4)).toBe("ab…");
});
