import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { HOUR, PIPELINE, failureOf, ylem } from "./ylem.ts";

/** Rows that nothing is made of: only the answer itself takes memory. */
const row = `{"output":"","note":"${"x".repeat(20_000)}"}`;
const rows = 4000;

test("a large log is read in little more memory than its rows take", async () => {
  const text = `[${Array.from({ length: rows }, () => row).join()}]`;
  const server = await ylem(() => ({ text }));
  const megabytes = Math.ceil((1.5 * text.length) / 1_000_000);
  const { stdout } = await promisify(execFile)(process.execPath, [
    `--max-old-space-size=${megabytes}`,
    join(import.meta.dirname, "read-large-log.ts"),
    server.baseUrl,
    PIPELINE,
  ]);
  expect(Number(stdout)).toBe(rows);
});

test("a large log that is no list to its end is not JSON", async () => {
  const server = await ylem(() => ({ text: `[${Array.from({ length: 500 }, () => row).join()}` }));
  const failure = await failureOf(server.client({ maxTries: 1 }).runLog(PIPELINE, HOUR));
  expect(String(failure)).toMatch(/that are not JSON/u);
});
