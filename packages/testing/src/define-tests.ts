import { defineConfig, type ViteUserConfig } from "vitest/config";
import { readKeptSeeds } from "./kept-seeds.ts";

type TestOptions = NonNullable<ViteUserConfig["test"]>;

/**
 * A package's tests, for its `vitest.config.ts`. Property tests draw from the seed in `PROPERTY_SEED`, or from another
 * one each time; test files that failed with some seed before run once more with it.
 */
export function defineTests(options: TestOptions = {}): ViteUserConfig {
  const test: TestOptions = {
    // A slow machine is no defect: a test that hangs still ends.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    setupFiles: "@runledger/testing/property-seed",
    ...options,
  };
  const kept = readKeptSeeds();
  if (kept.length === 0) return defineConfig({ test });
  return defineConfig({
    test: {
      ...test,
      projects: [
        { extends: true, test: { name: "all" } },
        ...kept.map(({ file, seed }) => ({
          extends: true as const,
          test: { name: `${file} with seed ${seed}`, include: [file], env: { PROPERTY_SEED: String(seed) } },
        })),
      ],
    },
  });
}
