import { type History, type HistoryDatabase } from "@runledger/history";
import { Kysely, PostgresDialect } from "kysely";

/** How a process ends: at which query, and whether the database still hears that one. */
export interface Death {
  /** From 1. */
  atQuery: number;
  isHeard: boolean;
}

/** A history as a process sees it that dies: from some query on, it neither asks nor learns anything more. */
export function mortalHistory({ pool }: History, { atQuery, isHeard }: Death): History {
  let queries = 0;
  const asLongAsItLives = async (ask: () => Promise<unknown>): Promise<unknown> => {
    queries += 1;
    const isAlive = queries < atQuery;
    const answer = isAlive || (queries === atQuery && isHeard) ? await ask() : null;
    if (isAlive) {
      return answer;
    }
    throw new Error("the process was killed");
  };
  const connect = async () => {
    const client = await pool.connect();
    return {
      query: (statement: string, values: unknown[]) => asLongAsItLives(() => client.query(statement, values)),
      release: (isBroken?: boolean) => client.release(isBroken),
    };
  };
  const query = async (statement: string, values: unknown[]) =>
    asLongAsItLives(() => pool.query(statement, values));
  // All that Kysely and the sender's session ask of a pool.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const mortalPool = { connect, query, end: async () => {} } as unknown as History["pool"];
  return {
    pool: mortalPool,
    isPooled: false,
    db: new Kysely<HistoryDatabase>({ dialect: new PostgresDialect({ pool: mortalPool }) }).withSchema(
      "runledger",
    ),
    [Symbol.asyncDispose]: async () => {},
  };
}
