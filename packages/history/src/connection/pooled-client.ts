import pg from "pg";
import { withIsolation } from "./session-settings.ts";

/**
 * A connection through a pooler, which lends a session of the server for one transaction at a time. So nothing is set
 * on a session: every transaction, also that of a single statement, begins with `settings` for itself.
 */
export function pooledClient(settings: string): typeof pg.Client {
  return class PooledClient extends pg.Client {
    #isInTransaction = false;
    /** Statements outside of a transaction, one after the other: each is a transaction of its own. */
    #queue: Promise<unknown> = Promise.resolve();

    override query(...args: Parameters<AnyQuery>): ReturnType<AnyQuery> {
      const [config] = args;
      const text: unknown = typeof config === "string" ? config : config?.text;
      if (typeof text !== "string") {
        // COPY: it belongs into a transaction that has begun.
        return this.#plain(args);
      }
      if (this.#isInTransaction) {
        this.#isInTransaction = !ENDS.test(text);
        return this.#plain(args);
      }
      if (BEGINS.test(text)) {
        this.#isInTransaction = true;
        // What else is sent along with it comes behind, and goes before what is pinned.
        return this.#plain([
          text.replace(BEGINS, (begin) => `${withIsolation(begin)}; ${settings}`),
          ...args.slice(1),
        ]);
      }
      const callback = args.findLast((arg) => typeof arg === "function");
      const result = this.#alone(args.filter((arg) => arg !== callback));
      if (callback === undefined) {
        return result;
      }
      result.then(
        (rows) => callback(null, rows),
        (error) => callback(error),
      );
    }

    #alone(args: unknown[]): Promise<unknown> {
      const result = this.#queue.then(async () => {
        await super.query(`${withIsolation("begin")}; ${settings}; ${SOON_ENDED}`);
        try {
          const rows = await this.#plain(args);
          await super.query("commit");
          return rows;
        } catch (error) {
          await super.query("rollback").catch(() => {});
          throw error;
        }
      });
      this.#queue = result.catch(() => {});
      return result;
    }

    #plain(args: Parameters<AnyQuery>): ReturnType<AnyQuery> {
      const query: AnyQuery = super.query.bind(this);
      return query(...args);
    }
  };
}

/**
 * A process that is frozen before its one statement ends would hold its locks, and a session of the pooler, for long. And
 * one that waits for a lock for longer than that is held up by something else, which it is to say.
 */
const SOON_ENDED = "set local idle_in_transaction_session_timeout = '30s'; set local lock_timeout = '45s'";

/** pg's `query` has more signatures than can be overridden one by one; what it is called with is handed on as it is. */
// oxlint-disable-next-line typescript/no-explicit-any
type AnyQuery = (...args: any[]) => any;

const BEGINS = /^\s*(?:begin|start\s+transaction)\b[^;]*/iu;
const ENDS = /^\s*(?:commit|end|rollback(?!\s+to\b)|abort)\b/iu;
