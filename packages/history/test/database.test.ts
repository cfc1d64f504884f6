import { expect, test } from "vitest";
import { DatabaseSetUpError, DatabaseUnreachableError, openHistory } from "../src/index.ts";
import { createTestHistory } from "../src/testing/test-history.ts";

test("says where it tried to connect and what to check, but not the password", async () => {
  const attempt = openHistory({ url: "postgres://me:s3cret@127.0.0.1:1/history" });
  await expect(attempt).rejects.toThrow(DatabaseUnreachableError);
  await expect(attempt).rejects.toThrow(/127\.0\.0\.1:1\/history.*DATABASE_URL/u);
  await expect(attempt).rejects.not.toThrow(/s3cret/u);
});

test("says so when the URL is no URL", async () => {
  await expect(openHistory({ url: "not a url" })).rejects.toThrow(DatabaseSetUpError);
});

test("reads counts as numbers and days as text", async () => {
  await using history = await createTestHistory();
  const { rows } = await history.pool.query(
    "select 5::bigint as n, 0.995::numeric as x, date '2026-03-01' as d",
  );
  expect(rows).toEqual([{ n: 5, x: 0.995, d: "2026-03-01" }]);
});
