import { expect, test } from "vitest";
import { stateOf } from "../src/sync/prove/coverage.ts";

const at = (text: string) => new Date(text);

test.each([
  ["proven", true, "2026-03-03T06:00:00Z", "2026-03-03T06:00:00Z"],
  ["open", true, "2026-03-03T05:59:59Z", "2026-03-03T05:59:59Z"],
  ["proven", true, "2026-04-01T00:00:00Z", "2026-03-03T00:00:00Z"],
  ["open", true, "2026-04-01T00:00:00Z", "2026-03-02T23:59:59Z"],
  ["open", false, "2026-04-01T00:00:00Z", "2026-03-02T23:59:59Z"],
  ["disputed", false, "2026-03-03T00:00:01Z", "2026-03-03T00:00:00Z"],
] as const)("a day is %s when agreeing is %s at %s, pulled through %s", (state, agrees, now, through) => {
  expect(stateOf("2026-03-02", agrees, { now: at(now), through: at(through) })).toBe(state);
});
