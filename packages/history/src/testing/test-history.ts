import { randomUUID } from "node:crypto";
import pg from "pg";
import { openHistory, type History } from "../connection/database.ts";

/** Where `global-setup.ts` leaves the server's URL for the test files. */
export const SERVER_URL_VARIABLE = "RUNLEDGER_TEST_SERVER_URL";

export interface TestHistory extends History {
  url: string;
}

/** A migrated database of its own on the run's server; disposing of it drops it. */
export async function createTestHistory(): Promise<TestHistory> {
  const name = `test_${randomUUID().replaceAll("-", "")}`;
  const url = await createTestDatabase(name, "runledger");
  const history = await openHistory({ url });
  return {
    ...history,
    url,
    [Symbol.asyncDispose]: async () => {
      await history[Symbol.asyncDispose]();
      await onServer(`drop database ${name} with (force)`);
    },
  };
}

/** An empty database, or a copy of another one; returns its URL. */
export async function createTestDatabase(name: string, template = "template1"): Promise<string> {
  await onServer(`create database ${name} template ${template}`);
  const url = serverUrl();
  url.pathname = `/${name}`;
  return url.href;
}

/** Runs a statement as the one who may do everything. */
export async function onServer(statement: string): Promise<void> {
  const url = serverUrl();
  url.pathname = "/postgres";
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

function serverUrl(): URL {
  const url = process.env[SERVER_URL_VARIABLE];
  if (!url) {
    throw new Error(`${SERVER_URL_VARIABLE} is not set: add the package's global setup to vitest.config.ts`);
  }
  return new URL(url);
}
