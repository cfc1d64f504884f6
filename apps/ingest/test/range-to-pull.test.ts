import { parseConfig } from "@runledger/config";
import fc from "fast-check";
import { expect, test } from "vitest";
import { rangeToPull } from "../src/sync/sync-pipeline.ts";
import { ORDERS } from "./sync-world.ts";

const START = Date.parse("2026-03-01T00:00:00Z");
const MINUTE_MS = 60_000;

/** Most late rows are found by it alone: the statistics, which find the others, cost a request for each. */
test("pulls the five minutes before the watermark again, and nothing before the history", async () => {
  const config = await parseConfig(
    JSON.stringify({
      version: 1,
      history_start: "2026-03-01",
      pipelines: [{ uuid: ORDERS, name: "orders" }],
    }),
    "runledger.json",
  );
  const offset = fc.oneof(fc.nat(10 * MINUTE_MS), fc.nat(1e9));
  fc.assert(
    fc.property(offset, fc.nat(1e9), (ms, more) => {
      const watermark = new Date(START + Math.floor(ms / 1000) * 1000);
      const until = new Date(watermark.getTime() + Math.floor(more / 1000) * 1000);
      const { from, to } = rangeToPull(watermark, config, until);
      expect(to).toEqual(until);
      expect(from.getTime()).toBe(Math.max(START, watermark.getTime() - 5 * MINUTE_MS));
    }),
  );
  expect(rangeToPull(null, config, new Date(START + 1e9)).from).toEqual(new Date(START));
});
