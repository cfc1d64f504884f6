/** Milliseconds, all of them: 5 400 000 is "1 h 30 min", 0 is "none". */
export function durationInWords(durationMs: number): string {
  let rest = durationMs;
  const parts: string[] = [];
  for (const [unit, unitMs] of units) {
    const count = Math.floor(rest / unitMs);
    if (count > 0) parts.push(`${count} ${unit}`);
    rest %= unitMs;
  }
  return parts.join(" ") || "none";
}

const units = [
  ["h", 3_600_000],
  ["min", 60_000],
  ["s", 1000],
  ["ms", 1],
] as const;
