import { defineConfig } from "vitest/config";

// A slow machine is no defect: a test that hangs still ends.
export default defineConfig({ test: { testTimeout: 60_000, hookTimeout: 60_000 } });
