import { expect, it } from "vitest";
import { changesBetween, type Figures } from "../src/report/figure-changes.ts";

const figures = {
  objective: "succeeds",
  verdict: "met",
  target: 0.98,
  good: 167,
  total: 168,
  excluded: 2,
  attained: 167 / 168,
  attained_raw: 167 / 170,
  attained_4w: 668 / 672,
  mean_time_to_recover: 5_400_000,
  mean_time_between_failures: null,
} satisfies Figures;

it("lists each figure that a revision printed otherwise, the verdict first", () => {
  const now = { ...figures, verdict: "missed", good: 160, attained: 160 / 168 };
  expect(changesBetween([figures], [now])).toEqual([
    { objective: "succeeds", figure: "verdict", before: "met", now: "missed" },
    { objective: "succeeds", figure: "attained", before: 167 / 168, now: 160 / 168 },
    { objective: "succeeds", figure: "good", before: 167, now: 160 },
  ]);
});

it("lists nothing where nothing changed", () => {
  expect(changesBetween([figures], [{ ...figures }])).toEqual([]);
});

it("lists an objective that is new, and one that is gone, with all it has", () => {
  const changes = changesBetween([figures], [{ ...figures, objective: "new" }]);
  expect(changes.filter(({ figure }) => figure === "good")).toEqual([
    { objective: "new", figure: "good", before: null, now: 167 },
    { objective: "succeeds", figure: "good", before: 167, now: null },
  ]);
});
