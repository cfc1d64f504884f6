import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { durationMs } from "../src/index.ts";
import { parseTarget } from "../src/target.ts";
import { parseWeekdays } from "../src/weekdays.ts";

describe("durations", () => {
  const UNITS = [
    ["w", 604_800_000],
    ["d", 86_400_000],
    ["h", 3_600_000],
    ["m", 60_000],
    ["s", 1000],
    ["ms", 1],
  ] as const;

  it("are the sum of their parts", () => {
    const counts = fc.tuple(...UNITS.map(() => fc.option(fc.nat(9999))));
    fc.assert(
      fc.property(counts, (parts) => {
        const given = parts.flatMap((count, index) => {
          const unit = UNITS[index];
          return count === null || unit === undefined ? [] : [{ count, name: unit[0], ms: unit[1] }];
        });
        fc.pre(given.length > 0);
        const text = given.map(({ count, name }) => `${count}${name}`).join("");
        expect(durationMs(text)).toBe(given.reduce((total, { count, ms }) => total + count * ms, 0));
      }),
    );
  });

  it.each(["", "5", "m", "1.5h", "-1h", "1h 30m", "30m1h", "1h1h", "1y", "5M", " 1h", "1h\n"])(
    "are not written %j",
    (text) => {
      expect(() => durationMs(text)).toThrow(RangeError);
    },
  );
});

describe("targets", () => {
  it("are the exact fraction that is written", () => {
    const written = fc
      .nat(6)
      .chain((places) =>
        fc.record({ places: fc.constant(places), parts: fc.integer({ min: 1, max: 100 * 10 ** places }) }),
      );
    fc.assert(
      fc.property(written, ({ places, parts }) => {
        const digits = String(parts).padStart(places + 1, "0");
        const whole = digits.slice(0, digits.length - places);
        const text = places === 0 ? `${whole}%` : `${whole}.${digits.slice(-places)}%`;
        expect(parseTarget(text)).toEqual({ numerator: parts, denominator: 100 * 10 ** places });
      }),
    );
  });

  it.each([
    "",
    "%",
    "98",
    "0%",
    "0.000%",
    "00%",
    "100.000001%",
    "101%",
    "1000%",
    "98.1234567%",
    "-1%",
    "98,5%",
    ".5%",
    "98.%",
    "98 %",
    "1e1%",
  ])("are not written %j", (text) => {
    expect(() => parseTarget(text)).toThrow(RangeError);
  });
});

describe("weekdays", () => {
  it.each([
    ["sun", [7]],
    ["mon-fri", [1, 2, 3, 4, 5]],
    ["mon, wed,fri", [1, 3, 5]],
    ["sat-mon", [1, 6, 7]],
    ["fri-fri", [5]],
    ["sun,mon,sun", [1, 7]],
  ])("%s are %j", (text, days) => {
    expect(parseWeekdays(text)).toEqual(days);
  });

  it.each(["", "monday", "Mon", "mon-", "mon;tue", "1-5", "mon,,tue"])("are not written %j", (text) => {
    expect(() => parseWeekdays(text)).toThrow(RangeError);
  });
});
