import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openHistory, startEmbeddedPostgres, stopEmbeddedPostgres } from "../src/index.ts";

async function dataFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "runledger-embedded-"));
  const data = join(folder, "postgres");
  onTestFinished(async () => {
    await stopEmbeddedPostgres(data);
    await rm(folder, { recursive: true, force: true });
  });
  return data;
}

test("gives everyone who asks at the same time the one server", async () => {
  const data = await dataFolder();
  const urls = await Promise.all([1, 2, 3].map(() => startEmbeddedPostgres(data)));
  expect(new Set(urls).size).toBe(1);
});

test("keeps what was stored over a stop and a start", async () => {
  const data = await dataFolder();
  {
    await using history = await openHistory({ url: await startEmbeddedPostgres(data) });
    await history.pool.query("create table public.kept as select 42 as answer");
  }
  expect(await stopEmbeddedPostgres(data)).toBe(true);
  expect(await stopEmbeddedPostgres(data)).toBe(false);
  await using history = await openHistory({ url: await startEmbeddedPostgres(data) });
  const { rows } = await history.pool.query("select answer from public.kept");
  expect(rows).toEqual([{ answer: 42 }]);
});
