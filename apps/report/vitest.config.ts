import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    globalSetup: "@runledger/history/testing/global-setup",
    setupFiles: "test/setup.ts",
    testTimeout: 120_000,
    hookTimeout: 60_000,
  },
});
