import type { History } from "@runledger/history";
import { to as copyTo } from "pg-copy-streams";
import type { Runs } from "@runledger/sla";
import { packedRuns, unpackedRuns } from "./packed-runs.ts";

/**
 * Gives the runs of each pipeline that finished in a time, both ends included, one pipeline after the other. COPY because
 * `pg` reads only text.
 */
export async function* readRuns(
  { pool }: History,
  pipelineUuids: readonly string[],
  { from, through }: { from: Date; through: Date },
): AsyncGenerator<Runs> {
  const client = await pool.connect();
  let isFinished = false;
  try {
    // COPY takes no parameters.
    const packed = packedRuns({
      pipelineUuids: client.escapeLiteral(`{${pipelineUuids.join()}}`),
      from: client.escapeLiteral(from.toISOString()),
      through: client.escapeLiteral(through.toISOString()),
    });
    yield* unpackedRuns(client.query(copyTo(`copy (${packed}) to stdout (format binary)`)));
    isFinished = true;
  } finally {
    // A connection that stopped in the middle of COPY is not given to the next one.
    client.release(!isFinished);
  }
}
