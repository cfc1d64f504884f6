import type { History } from "@runledger/history";
import { to as copyTo } from "pg-copy-streams";
import type { Runs } from "./sla/runs.ts";
import { packedColumns, unpackRuns } from "./unpack-runs.ts";

/** The runs of a pipeline that finished in a time, both ends included. COPY because `pg` reads only text. */
export async function readRuns(
  { pool }: History,
  pipelineUuid: string,
  { from, through }: { from: Date; through: Date },
): Promise<Runs> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    // COPY takes no parameters.
    const literal = (value: string) => client.escapeLiteral(value);
    const select = `select ${packedColumns} from runledger.runs
      where pipeline_uuid = ${literal(pipelineUuid)}
        and finished_at between ${literal(from.toISOString())} and ${literal(through.toISOString())}`;
    const copy = client.query(copyTo(`copy (${select}) to stdout (format binary)`));
    const pieces: Buffer[] = [];
    for await (const piece of copy) pieces.push(piece);
    return unpackRuns(pipelineUuid, Buffer.concat(pieces));
  } catch (error) {
    broken = error instanceof Error ? error : new Error(String(error));
    throw error;
  } finally {
    // A connection that stopped in the middle of COPY is not given to the next one.
    client.release(broken);
  }
}
