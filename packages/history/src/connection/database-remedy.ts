import { sql, type Kysely } from "kysely";
import type { HistoryDatabase } from "./database.ts";
import { DatabaseSetUpError, hasCode, reasonOf } from "./errors.ts";

/** What Postgres refuses for want of a right, or because nothing may be written. */
const REFUSALS = ["42501", "25006"] as const;

/** Whether another set-up has to mend it, and not another try. */
export function isRefusal(error: unknown): boolean {
  return hasCode(error, ...REFUSALS);
}

/** Why the database refused something, with the statement that mends it where it is known. */
export async function reasonAndRemedy(db: Kysely<HistoryDatabase>, error: unknown): Promise<string> {
  const remedy = isRefusal(error) ? await remedyOf(db, error).catch(() => null) : null;
  return remedy === null ? reasonOf(error) : `${reasonOf(error)}. ${remedy}`;
}

/** The error, or in the place of one for want of a right, one that says how to mend it. */
export async function withRemedy(db: Kysely<HistoryDatabase>, error: unknown): Promise<unknown> {
  return isRefusal(error)
    ? new DatabaseSetUpError(await reasonAndRemedy(db, error), { cause: error })
    : error;
}

interface Place {
  user: string;
  database: string;
  owner: string;
  mayCreate: boolean;
  isReplica: boolean;
  /** Null when there is no schema yet. */
  schemaOwner: string | null;
}

async function remedyOf(db: Kysely<HistoryDatabase>, error: unknown): Promise<string> {
  const place = await lookAround(db);
  if (hasCode(error, "25006")) {
    return readOnlyRemedy(place);
  }
  const { user, database, owner, mayCreate, schemaOwner } = place;
  const grants = await missingGrants(db, user);
  if (grants !== null) {
    return grants;
  }
  if (schemaOwner === null || !mayCreate) {
    return `As ${owner} or a superuser: grant create on database ${database} to ${user};`;
  }
  if (schemaOwner !== user) {
    return (
      `The schema belongs to ${schemaOwner}: run ingest migrate as that user, then as it: ` +
      `grant usage on schema runledger to ${user}; ` +
      `grant select, insert, update, delete on all tables in schema runledger to ${user};`
    );
  }
  return `As a superuser: make ${user} the owner of what the message names (alter … owner to ${user};).`;
}

/** With more tables than these it is no single right that is missing. */
const FEW_TABLES = 3;

/** What gives the rights that are missing on a few tables; null where none is, or nearly all are. */
async function missingGrants(db: Kysely<HistoryDatabase>, user: string): Promise<string | null> {
  const { rows } = await sql<{ name: string; rights: string; owner: string }>`
    select format('runledger.%I', relname) as name, string_agg(privilege, ', ') as rights,
           quote_ident(pg_get_userbyid(relowner)) as owner
    from pg_class, unnest(array['select', 'insert', 'update', 'delete']) privilege
    where relnamespace = (select oid from pg_namespace where nspname = 'runledger') and relkind in ('r', 'p')
      and not has_table_privilege(pg_class.oid, privilege)
    group by relname, relowner order by relname`.execute(db);
  if (rows.length === 0 || rows.length > FEW_TABLES) {
    return null;
  }
  const statements = rows.map(({ name, rights }) => `grant ${rights} on ${name} to ${user};`);
  return `As ${rows[0]?.owner ?? "its owner"} or a superuser: ${statements.join(" ")}`;
}

function readOnlyRemedy({ isReplica, database, user }: Place): string {
  return isReplica
    ? "This server is a read replica: name the primary in DATABASE_URL."
    : `As the database's owner: alter database ${database} set default_transaction_read_only = off; ` +
        `or, where it is set for the role: alter role ${user} reset default_transaction_read_only;`;
}

async function lookAround(db: Kysely<HistoryDatabase>): Promise<Place> {
  const { rows } = await sql<Place>`
    select quote_ident(current_user) as "user", quote_ident(current_database()) as database,
           has_database_privilege(current_database(), 'create') as "mayCreate",
           pg_is_in_recovery() as "isReplica",
           (select quote_ident(pg_get_userbyid(datdba)) from pg_database where datname = current_database()) as owner,
           (select quote_ident(pg_get_userbyid(nspowner)) from pg_namespace where nspname = 'runledger')
             as "schemaOwner"`.execute(db);
  const [place] = rows;
  if (place === undefined) {
    throw new Error("Postgres gave no row for a query that always has one");
  }
  return place;
}
