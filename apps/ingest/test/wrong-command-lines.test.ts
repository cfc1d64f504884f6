import { UsageError } from "@runledger/cli";
import { expect, test } from "vitest";
import { backfillOptions } from "../src/commands/backfill.ts";
import { syncOptions } from "../src/commands/sync.ts";
import { triggerOptions } from "../src/commands/trigger.ts";
import { verifyOptions } from "../src/commands/verify.ts";

test.each(["2026-02-30", "junk", "2026-3-1", "2026-03-01T00:00:00Z", ""])("takes no day %j", (day) => {
  const good = { from: "2026-03-01", to: "2026-03-01" };
  for (const [name, options] of [
    ["from", backfillOptions],
    ["to", backfillOptions],
    ["from", verifyOptions],
    ["to", verifyOptions],
  ] as const) {
    expect(() => options.parse({ ...good, [name]: day })).toThrow(
      new UsageError(`--${name} ${day} is not a day; write it like 2026-03-01`),
    );
  }
});

test.each(["ten", "10", "-5m", "5 m", ""])("takes no duration %j", (timeout) => {
  expect(() => triggerOptions.parse({ timeout })).toThrow(
    new UsageError(`--timeout ${timeout} is not a duration; write it like 90s, 10m or 2h`),
  );
});

test.each(["yesterday", "2026-02-30", "12:00", ""])("takes no time %j", (until) => {
  expect(() => syncOptions.parse({ until })).toThrow(
    new UsageError(`--until ${until} is not a time; write it like 2026-03-01T06:00:00Z`),
  );
});

test("makes values of what was written", () => {
  expect(triggerOptions.parse({ wait: true, timeout: "1h30m" })).toEqual({ wait: true, timeout: 5_400_000 });
  expect(syncOptions.parse({ until: "2026-03-01T06:00:00+01:00" }).until?.instant).toEqual(
    new Date("2026-03-01T05:00:00Z"),
  );
  expect(verifyOptions.parse({ from: "2026-03-01", pipeline: ["a"] })).toEqual({
    from: "2026-03-01",
    pipeline: ["a"],
  });
});
