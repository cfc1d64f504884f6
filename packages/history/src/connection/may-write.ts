import type { History } from "./database.ts";
import { DatabaseSetUpError } from "./errors.ts";

/** Why a database whose schema is there cannot be written to, and what mends that. */
export interface Unwritable {
  text: string;
  mend: string;
}

interface Findings {
  user: string;
  database: string;
  isReplica: boolean;
  isReadOnly: boolean;
  /** Tables that this user may not read, add to, change and delete from. */
  forbidden: string[];
}

/** Null when it can. One short query. */
export async function whyUnwritable({ pool }: History): Promise<Unwritable | null> {
  const { rows } = await pool.query<Findings>(
    `select quote_ident(current_user) as "user", quote_ident(current_database()) as database,
            pg_is_in_recovery() as "isReplica", current_setting('transaction_read_only')::boolean as "isReadOnly",
            array(
              select c.relname::text
              from pg_class c
              where c.relnamespace = to_regnamespace('runledger') and c.relkind in ('r', 'p')
                and c.relname not like 'kysely%'
                and not (
                  has_schema_privilege(c.relnamespace, 'usage') and has_table_privilege(c.oid, 'select')
                  and has_table_privilege(c.oid, 'insert') and has_table_privilege(c.oid, 'update')
                  and has_table_privilege(c.oid, 'delete')
                )
              order by c.relname
            ) as forbidden`,
  );
  const [found] = rows;
  return found === undefined ? null : reasonIn(found);
}

/** @throws DatabaseSetUpError with the statement that gives the right. */
export async function assertMayWrite(history: History): Promise<void> {
  const reason = await whyUnwritable(history);
  if (reason !== null) {
    throw new DatabaseSetUpError(`cannot write to the history: ${reason.text}. ${reason.mend}`);
  }
}

function reasonIn({ user, database, isReplica, isReadOnly, forbidden }: Findings): Unwritable | null {
  if (isReplica) {
    return { text: "this server is a read replica", mend: "Name the primary in DATABASE_URL." };
  }
  if (isReadOnly) {
    return {
      text: "the database may only be read",
      mend: `As its owner: alter database ${database} set default_transaction_read_only = off;`,
    };
  }
  if (forbidden.length > 0) {
    return {
      text: `${user} may not write ${forbidden.join(", ")}`,
      mend:
        `As the owner: grant usage on schema runledger to ${user}; ` +
        `grant select, insert, update, delete on all tables in schema runledger to ${user};`,
    };
  }
  return null;
}
