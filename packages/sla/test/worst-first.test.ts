import { expect, test } from "vitest";
import { worstFirst } from "../src/report/verdicts.ts";
import type { Verdict } from "../src/report/vocabulary.ts";
import { objective } from "../src/testing/fixture-report.ts";

test("puts the more concerning verdict first, then the faster burn, and leaves equals as they are", () => {
  const one = (id: string, verdict: Verdict, burnRate: number | null, bad = 1) =>
    objective({ id, verdict, burnRate, share: { good: 100 - bad, total: 100 } });
  const sorted = worstFirst([
    one("met", "met", 0.1),
    one("slow", "missed", 1.1),
    one("first of equals", "at_risk", 0.8),
    one("fast", "missed", 9),
    one("second of equals", "at_risk", 0.8),
    one("all of it and more", "missed", null),
    one("nearly spent", "at_risk", 0.9),
    one("nothing spent of nothing", "met", null, 0),
  ]);
  expect(sorted.map(({ id }) => id)).toEqual([
    "all of it and more",
    "fast",
    "slow",
    "nearly spent",
    "first of equals",
    "second of equals",
    "met",
    "nothing spent of nothing",
  ]);
});
