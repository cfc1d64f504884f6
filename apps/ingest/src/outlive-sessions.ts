import type { History } from "@runledger/history";

/**
 * A database that goes away ends sessions that wait in the middle of a transaction, and each says so by an event that
 * would end the process if nobody listened. Whoever uses the session learns of it from its next query.
 */
export function outliveSessions({ pool }: History): void {
  const heard = new WeakSet<object>();
  pool.on("acquire", (client) => {
    if (!heard.has(client)) {
      heard.add(client);
      client.on("error", () => {});
    }
  });
}
