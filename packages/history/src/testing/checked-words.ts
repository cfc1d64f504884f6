import type { History } from "../connection/database.ts";

/** The words that check constraints of the schema let into columns: sorted, by the constraint's name. */
export async function checkedWords({ pool }: History): Promise<Record<string, string[]>> {
  const { rows } = await pool.query<{ name: string; definition: string }>(
    `select conname as name, pg_get_constraintdef(oid) as definition from pg_constraint
     where contype = 'c' and connamespace = 'runledger'::regnamespace and conname like '%\\_known'
     order by conname`,
  );
  return Object.fromEntries(
    rows.map(({ name, definition }) => [
      name,
      Array.from(definition.matchAll(/'(\w+)'::text/gu), ([, word = ""]) => word).toSorted(),
    ]),
  );
}
