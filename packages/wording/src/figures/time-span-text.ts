import { british, type Notation, type TimeUnit } from "./notation.ts";

/** The two largest units of a duration in milliseconds, floored: `2 d 3 h`, `45 min`, `12 s`; below a second, the exact duration. */
export function durationText(milliseconds: number, notation: Notation = british): string {
  if (milliseconds > 0 && milliseconds < 1000) return exactDurationText(milliseconds, notation);
  const parts = partsOf(Math.floor(milliseconds / 1000) * 1000, ["d", "h", "min", "s"]);
  const first = parts.findIndex(([amount]) => amount > 0);
  return first === -1 ? inUnits([[0, "s"]], notation) : inUnits(parts.slice(first, first + 2), notation);
}

/** All of a duration in milliseconds, hours the largest unit: `168 h`, `1 h 30 min`, `400 µs`. */
export function exactDurationText(milliseconds: number, notation: Notation = british): string {
  return inUnits(partsOf(milliseconds, ["h", "min", "s", "ms", "µs"]), notation);
}

const unitMicros = {
  d: 86_400_000_000,
  h: 3_600_000_000,
  min: 60_000_000,
  s: 1_000_000,
  ms: 1000,
  µs: 1,
} as const;

type Part = readonly [amount: number, unit: TimeUnit];

function partsOf(milliseconds: number, units: readonly TimeUnit[]): Part[] {
  let rest = Math.round(milliseconds * 1000);
  return units.map((unit) => {
    const amount = Math.floor(rest / unitMicros[unit]);
    rest %= unitMicros[unit];
    return [amount, unit];
  });
}

/** Without units of which there are none; where there are none of any, the smallest. */
function inUnits(parts: readonly Part[], { unit: unitText }: Notation): string {
  const [last] = parts.slice(-1);
  const some = parts.filter(([amount]) => amount > 0);
  const shown = some.length === 0 && last !== undefined ? [last] : some;
  return shown.map(([amount, unit]) => `${amount} ${unitText(unit, amount)}`).join(" ");
}
