import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { budgetOf } from "../src/score/error-budget.ts";

const percent = (numerator: number) => ({ numerator, denominator: 100 });

describe("budgetOf", () => {
  it("has 98 of 100 met at 98 %, with all of the budget spent", () => {
    expect(budgetOf({ good: 98, total: 100 }, percent(98))).toEqual({
      isMet: true,
      isNearlySpent: true,
      allowedBad: 2,
      budgetLeft: 0,
      burnRate: 1,
    });
  });

  it("has 97 of 100 missed at 98 %, half a budget overspent", () => {
    expect(budgetOf({ good: 97, total: 100 }, percent(98))).toMatchObject({
      isMet: false,
      budgetLeft: -0.5,
      burnRate: 1.5,
    });
  });

  it("is not nearly spent at exactly a quarter left, and is just below it", () => {
    expect(budgetOf({ good: 97, total: 100 }, percent(96)).isNearlySpent).toBe(false);
    expect(budgetOf({ good: 9_699, total: 10_000 }, percent(96)).isNearlySpent).toBe(true);
  });

  it("rounds the allowed number down: 5 % of 39 is one", () => {
    expect(budgetOf({ good: 39, total: 39 }, percent(95)).allowedBad).toBe(1);
  });

  it("allows one of ten at 90 %, where binary fractions would allow none", () => {
    expect(Math.floor(10 * (1 - 0.9))).toBe(0);
    expect(budgetOf({ good: 9, total: 10 }, percent(90))).toMatchObject({ isMet: true, allowedBad: 1 });
  });

  it("has no rates at a target of 100 %, which one bad event misses", () => {
    const rates = { allowedBad: 0, budgetLeft: null, burnRate: null };
    expect(budgetOf({ good: 7, total: 7 }, percent(100))).toEqual({
      isMet: true,
      isNearlySpent: false,
      ...rates,
    });
    expect(budgetOf({ good: 6, total: 7 }, percent(100))).toMatchObject({ isMet: false, ...rates });
  });

  it("has no rates of nothing", () => {
    expect(budgetOf({ good: 0, total: 0 }, percent(98))).toMatchObject({ budgetLeft: null, burnRate: null });
  });

  it("refuses counts that are not whole", () => {
    expect(() => budgetOf({ good: 0.5, total: 1 }, percent(98))).toThrow(RangeError);
  });

  it("agrees with counting the allowed bad events one by one", () => {
    fc.assert(
      fc.property(shares, targets, (share, target) => {
        const bad = share.total - share.good;
        const spare = share.total * (target.denominator - target.numerator);
        let allowed = 0;
        while ((allowed + 1) * target.denominator <= spare) allowed += 1;

        const budget = budgetOf(share, target);
        expect(budget.allowedBad).toBe(allowed);
        expect(budget.isMet).toBe(bad <= allowed);
        expect(budget.isMet).toBe(share.good * target.denominator >= target.numerator * share.total);
      }),
    );
  });

  it("has rates that agree with the definitions, and a budget left as long as the target is met", () => {
    fc.assert(
      fc.property(shares, targets, (share, target) => {
        fc.pre(share.total > 0 && target.numerator < target.denominator);
        const missing = 1 - share.good / share.total;
        const { budgetLeft, burnRate, isMet } = budgetOf(share, target);
        expect(burnRate).toBeCloseTo(missing / (1 - target.numerator / target.denominator), 6);
        expect((burnRate ?? 0) + (budgetLeft ?? 0)).toBeCloseTo(1, 6);
        expect((budgetLeft ?? 0) >= 0).toBe(isMet);
      }),
    );
  });
});

const shares = fc
  .tuple(fc.nat(2_000), fc.nat(2_000))
  .map(([a, b]) => ({ good: Math.min(a, b), total: Math.max(a, b) }));

const targets = fc
  .tuple(fc.constantFrom(100, 1_000, 100_000), fc.double({ min: 0.5, max: 1, noNaN: true }))
  .map(([denominator, part]) => ({ numerator: Math.round(denominator * part), denominator }));
