import type { Contest, Round } from "./contest.ts";

const LIMITS = { load: 1.25, sync: 2, again: 0.03 } as const;

/** The medians as a Markdown table, each ratio that of the two within a round. */
export function table({ floorName, rounds }: Contest, count: number): string {
  const ms = (of: (round: Round) => number): number => median(rounds.map(of));
  const { load, sync, again } = ratiosOf(rounds);
  const row = (name: string, time: number, ratio: string, limit: string): string =>
    `| ${name} | ${time.toFixed(0)} | ${Math.round((count / time) * 1000).toLocaleString("en")} | ${ratio} | ${limit} |`;
  return [
    "| | ms | rows/s | ratio | at most |",
    "| --- | ---: | ---: | ---: | ---: |",
    row(
      `floor: ${floorName}`,
      ms((round) => round.floor),
      "1",
      "",
    ),
    row(
      "load alone",
      ms((round) => round.load),
      `${load.toFixed(2)} × floor`,
      `${LIMITS.load} ×`,
    ),
    row(
      "whole sync",
      ms((round) => round.sync),
      `${sync.toFixed(2)} × floor`,
      `${LIMITS.sync} ×`,
    ),
    row(
      "the same sync again",
      ms((round) => round.again),
      `${(again * 100).toFixed(1)} % of the first`,
      `${LIMITS.again * 100} %`,
    ),
  ].join("\n");
}

/** The names of those that are over their limit. */
export function overLimit({ rounds }: Contest): string[] {
  const ratios = ratiosOf(rounds);
  return (["load", "sync", "again"] as const).filter((name) => ratios[name] > LIMITS[name]);
}

function ratiosOf(rounds: readonly Round[]): Record<keyof typeof LIMITS, number> {
  return {
    load: median(rounds.map((round) => round.load / round.floor)),
    sync: median(rounds.map((round) => round.sync / round.floor)),
    again: median(rounds.map((round) => round.again / round.sync)),
  };
}

/** Of an even number the higher of the two in the middle. */
function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
