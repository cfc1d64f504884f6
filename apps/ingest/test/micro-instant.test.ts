import fc from "fast-check";
import { expect, test } from "vitest";
import { toMicroInstant, toMicros } from "../src/store/micro-instant.ts";

const dates = fc.date({
  min: new Date("1700-01-01T00:00:00Z"),
  max: new Date("2249-12-31T23:59:59.999Z"),
  noInvalidDate: true,
});

test("an instant is the microseconds that Date counts, in every year a task run can have", () => {
  fc.assert(
    fc.property(dates, fc.nat(999), (date, micros) => {
      const instant = `${date.toISOString().slice(0, -1)}${String(micros).padStart(3, "0")}Z`;
      expect(toMicros(instant)).toBe(date.getTime() * 1000 + micros);
      expect(toMicroInstant(toMicros(instant))).toBe(instant);
    }),
  );
});

test.each(["2000-02-29", "2000-03-01", "2100-02-28", "2100-03-01", "2023-12-31", "2024-01-01", "1969-12-31"])(
  "counts the days to %s",
  (day) => {
    expect(toMicros(`${day}T00:00:00.000000Z`)).toBe(Date.parse(day) * 1000);
  },
);
