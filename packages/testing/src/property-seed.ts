/** A setup file of vitest: gives property tests their seed, and keeps the seeds of those that fail. */
import { relative } from "node:path";
import fc from "fast-check";
import { afterEach } from "vitest";
import { keepSeed, seedInMessage } from "./kept-seeds.ts";

const { PROPERTY_SEED } = process.env;
if (PROPERTY_SEED) {
  const seed = Number(PROPERTY_SEED);
  if (!Number.isInteger(seed)) throw new Error(`PROPERTY_SEED is a whole number, not ${PROPERTY_SEED}`);
  fc.configureGlobal({ ...fc.readConfigureGlobal(), seed });
}

afterEach(({ task }) => {
  for (const { message } of task.result?.errors ?? []) {
    const seed = seedInMessage(message);
    if (seed === null) continue;
    const file = relative(process.cwd(), task.file.filepath);
    if (keepSeed({ file, seed })) {
      process.stderr.write(`Kept seed ${seed} of ${file} in test/kept-seeds.json: commit it with the fix.\n`);
    }
  }
});
