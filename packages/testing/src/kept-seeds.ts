import { existsSync, readFileSync, writeFileSync } from "node:fs";

/** A test file whose property tests failed with a seed, and run with it ever since. */
export interface KeptSeed {
  /** From the package's folder on, `test/windows.test.ts`. */
  file: string;
  seed: number;
}

/** Below the package whose tests run. */
const KEPT_SEEDS = "test/kept-seeds.json";

export function readKeptSeeds(path: string = KEPT_SEEDS): KeptSeed[] {
  // Only `keepSeed` writes the file.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as KeptSeed[]) : [];
}

/** Adds a seed to those kept; false when it is among them. */
export function keepSeed(failed: KeptSeed, path: string = KEPT_SEEDS): boolean {
  const kept = readKeptSeeds(path);
  if (kept.some(({ file, seed }) => file === failed.file && seed === failed.seed)) return false;
  const lines = [...kept, failed].map((each) => `  ${JSON.stringify(each)}`);
  writeFileSync(path, `[\n${lines.join(",\n")}\n]\n`);
  return true;
}

/** The seed that fast-check names in the message of a failed property. */
export function seedInMessage(message: string): number | null {
  const [, seed] = message.match(/Property failed after \d+ tests?\s*\{ seed: (-?\d+)/u) ?? [];
  return seed === undefined ? null : Number(seed);
}
