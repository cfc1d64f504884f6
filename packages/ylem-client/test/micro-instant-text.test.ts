import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { toDate, toMicroInstant } from "../src/micro-instant-text.ts";

describe("an RFC 3339 time", () => {
  test.each([
    ["2024-03-22T12:57:49Z", "2024-03-22T12:57:49.000000Z"],
    ["2024-03-22T12:57:49.5Z", "2024-03-22T12:57:49.500000Z"],
    ["2024-03-22T12:57:49.123456Z", "2024-03-22T12:57:49.123456Z"],
    ["2024-03-22T12:57:49.123456999Z", "2024-03-22T12:57:49.123456Z"],
    ["2024-03-22t12:57:49z", "2024-03-22T12:57:49.000000Z"],
    ["2024-03-01T00:30:00.000001+01:00", "2024-02-29T23:30:00.000001Z"],
    ["2023-12-31T23:30:00.9-09:30", "2024-01-01T09:00:00.900000Z"],
    ["0099-01-01T00:00:00+00:00", "0099-01-01T00:00:00.000000Z"],
    ["2000-02-29T00:00:00Z", "2000-02-29T00:00:00.000000Z"],
  ])("%s is %s", (text, instant) => {
    expect(toMicroInstant(text)).toBe(instant);
  });

  test.each([
    "",
    "2024-03-22",
    "2024-03-22 12:57:49",
    "2024-03-22T12:57:49",
    "2024-03-22T12:57Z",
    "2024-03-22T12:57:49.Z",
    "2024-03-22T12:57:49.1234567890Z",
    "2024-13-01T00:00:00Z",
    "2024-00-01T00:00:00Z",
    "2024-04-31T00:00:00Z",
    "2023-02-29T00:00:00Z",
    "1900-02-29T00:00:00Z",
    "2024-03-00T00:00:00Z",
    "2024-03-22T24:00:00Z",
    "2024-03-22T23:60:00Z",
    "2024-03-22T23:59:60Z",
    "2024-03-22T12:57:49+24:00",
    "2024-03-22T12:57:49+01:60",
    "0000-01-01T00:00:00Z",
    "0001-01-01T00:00:00+01:00",
    "9999-12-31T23:59:59-01:00",
    " 2024-03-22T12:57:49Z",
    "2024-03-22T12:57:49Z\n",
  ])("%j is none", (text) => {
    expect(toMicroInstant(text)).toBeUndefined();
  });

  test("is the instant that Date reads, at any offset", () => {
    const instants = fc.date({
      min: new Date("0002-01-01"),
      max: new Date("9998-12-31"),
      noInvalidDate: true,
    });
    const offsets = fc.integer({ min: -1439, max: 1439 });
    fc.assert(
      fc.property(instants, offsets, (instant, offset) => {
        const local = new Date(instant.getTime() + offset * 60_000).toISOString().slice(0, -1);
        const hours = String(Math.floor(Math.abs(offset) / 60)).padStart(2, "0");
        const minutes = String(Math.abs(offset) % 60).padStart(2, "0");
        const text = `${local}${offset < 0 ? "-" : "+"}${hours}:${minutes}`;
        expect(toMicroInstant(text)).toBe(instant.toISOString().replace("Z", "000Z"));
      }),
    );
  });
});

test.each([
  ["2026-03-01 00:30:00", "2026-03-01T00:30:00.000Z"],
  ["2026-03-01", "2026-03-01T00:00:00.000Z"],
  ["2026-03-01T00:30:00Z", "2026-03-01T00:30:00.000Z"],
  ["2026-03-01T00:30:00.1239+02:00", "2026-02-28T22:30:00.123Z"],
])("a time of the statistics, %s, is %s", (text, instant) => {
  expect(toDate(text)).toEqual(new Date(instant));
});

test.each(["", "2026-02-30", "2026-03-01 25:00:00", "1772323200"])(
  "%j is no time of the statistics",
  (text) => {
    expect(toDate(text)).toBeUndefined();
  },
);
