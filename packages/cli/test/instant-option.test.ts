import { expect, test } from "vitest";
import { instantFrom, UsageError } from "../src/index.ts";

test.each([
  ["2026-03-01T06:00:00Z", "2026-03-01T06:00:00.000Z"],
  ["2026-03-01T06:00Z", "2026-03-01T06:00:00.000Z"],
  ["2026-03-01T06:00:00.123456+02:00", "2026-03-01T04:00:00.123Z"],
  ["2026-03-01", "2026-03-01T00:00:00.000Z"],
])("reads %s", (text, expected) => {
  expect(instantFrom("--until", text).toISOString()).toBe(expected);
});

test.each([
  "",
  "junk",
  "1",
  "March 3",
  "2026-02-30",
  "2026-02-30T00:00:00Z",
  "2026-13-01",
  "2026-03-01T25:00:00Z",
  "2026-03-01T06:00:00",
  "2026-W12",
  "+275760-09-13",
])("does not guess what %j means", (text) => {
  expect(() => instantFrom("--until", text)).toThrow(UsageError);
});
