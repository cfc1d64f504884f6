import { durationInWords } from "./duration-in-words.ts";

/** What an objective counts, and how that is said. */
export interface Unit {
  /** Counts that make one of what is printed: freshness counts milliseconds and prints seconds. */
  countsPerPrinted: number;
  /** What there is none of: "run", "time". */
  name: string;
  /** "168 runs", "6 d 23 h" */
  whole(amount: number): string;
  /** "3", "none", "2 min 30 s" */
  part(amount: number): string;
  /** "3 were", "none was" */
  wasOrWere(amount: number): string;
}

/** Things that are counted one by one, by their name in the singular. */
export function things(name: string): Unit {
  const part = (amount: number) => String(amount || "none");
  return {
    countsPerPrinted: 1,
    name,
    whole: (amount) => `${amount} ${name}${amount === 1 ? "" : "s"}`,
    part,
    wasOrWere: (amount) => `${part(amount)} ${amount > 1 ? "were" : "was"}`,
  };
}

/** Time, counted in whole milliseconds so that sums and comparisons are exact. */
export const time: Unit = {
  countsPerPrinted: 1000,
  name: "time",
  whole: durationInWords,
  part: inWords,
  wasOrWere: (ms) => `${inWords(ms)} was`,
};

/** From a minute on nobody asks for milliseconds. */
function inWords(ms: number): string {
  return durationInWords(ms < 60_000 ? ms : Math.floor(ms / 1000) * 1000);
}
