import type { History } from "./database.ts";
import { PINNED_NAMES } from "./session-settings.ts";

/** Settings of the database or the role that this process pins for itself, as `name=value`. */
export async function settingsPinnedOver({ pool }: History): Promise<string[]> {
  const { rows } = await pool.query<{ setting: string }>(
    `select distinct setting
     from pg_db_role_setting s, unnest(s.setconfig) as setting
     where s.setdatabase in (0, (select oid from pg_database where datname = current_database()))
       and s.setrole in (0, (select oid from pg_roles where rolname = current_user))
     order by setting`,
  );
  const names: ReadonlySet<string> = new Set(PINNED_NAMES.map((name) => name.toLowerCase()));
  return rows
    .map(({ setting }) => setting)
    .filter((setting) => names.has(setting.replace(/=.*/su, "").toLowerCase()));
}
