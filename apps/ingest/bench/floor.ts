import { execFile } from "node:child_process";
import { createReadStream, createWriteStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { promisify } from "node:util";
import type { History } from "@runledger/history";
import { from as copyFrom, to as copyTo } from "pg-copy-streams";

const run = promisify(execFile);

export interface Floor {
  name: string;
  /** Copies the file's rows into the empty `task_runs`. */
  copy: () => Promise<void>;
}

/** The quickest that the rows in `file` get into their table: psql's `\copy`, or COPY alone where there is no psql. */
export async function findFloor(databaseUrl: string, history: History, file: string): Promise<Floor> {
  try {
    const { stdout } = await run("psql", ["--version"]);
    return {
      name: `psql \\copy (${stdout.trim()})`,
      copy: async () => {
        const command = `\\copy runledger.task_runs from '${file}'`;
        await run("psql", [databaseUrl, "-X", "-q", "-v", "ON_ERROR_STOP=1", "-c", command]);
      },
    };
  } catch {
    return {
      name: "COPY of a file's text through pg-copy-streams (psql is not installed)",
      copy: () => copyWithoutPsql(history, file),
    };
  }
}

/** Writes the stored rows, oldest first, to a file that `\copy` reads. */
export async function exportTaskRuns({ pool }: History, file: string): Promise<void> {
  const client = await pool.connect();
  try {
    const rows = "select * from runledger.task_runs order by executed_at, run_uuid, task_uuid, ordinal";
    await pipeline(client.query(copyTo(`copy (${rows}) to stdout`)), createWriteStream(file));
  } finally {
    client.release();
  }
}

async function copyWithoutPsql({ pool }: History, file: string): Promise<void> {
  const client = await pool.connect();
  try {
    await pipeline(createReadStream(file), client.query(copyFrom("copy runledger.task_runs from stdin")));
  } finally {
    client.release();
  }
}
