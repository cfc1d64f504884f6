import { createHash, randomBytes, randomUUID } from "node:crypto";
import { link, open, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { EmbeddedPostgresError, hasCode } from "../connection/errors.ts";
import { serverAccount } from "./server-account.ts";
import { runToEnd } from "./server-process.ts";

/** The role and the database that the application uses. */
export const APPLICATION = "runledger";
/** Made by initdb, without a password and without a way in: only a server that serves nobody runs as it. */
export const SUPERUSER = "runledger_superuser";

/**
 * The application's password, in the form that psql reads (`passfile`). The first one that is made counts, whoever
 * makes it.
 */
export async function agreedPassword(passwordFile: string): Promise<string> {
  const draft = `${passwordFile}.${randomUUID()}`;
  await writeFile(draft, `*:*:*:${APPLICATION}:${randomBytes(24).toString("hex")}\n`, {
    mode: 0o600,
    flag: "wx",
  });
  try {
    await link(draft, passwordFile);
  } catch (error) {
    if (!hasCode(error, "EEXIST")) {
      throw error;
    }
  } finally {
    await rm(draft, { force: true });
  }
  const password = /:([0-9a-f]{48})\n$/u.exec(await readFile(passwordFile, "utf8"))?.[1];
  if (password === undefined) {
    throw new EmbeddedPostgresError(`${passwordFile} is not as it was written: delete it and run again`);
  }
  return password;
}

/** Whether a folder was made private for this password, as `noteAccess` noted it. */
export async function hasAccess(noteFile: string, password: string): Promise<boolean> {
  const note = await readFile(noteFile, "utf8").catch((error: unknown) => {
    if (hasCode(error, "ENOENT")) {
      return null;
    }
    throw error;
  });
  return note === noteFor(password);
}

export async function noteAccess(noteFile: string, password: string): Promise<void> {
  const draft = `${noteFile}.${randomUUID()}`;
  await writeFile(draft, noteFor(password), { mode: 0o600, flag: "wx" });
  await rename(draft, noteFile);
}

/** Says for which password and in which way the server was prepared, without showing the password. */
function noteFor(password: string): string {
  return `1 ${createHash("sha256").update(password).digest("hex")}\n`;
}

/** Prepares a folder that initdb has just made. */
export async function prepareNew(dataFolder: string, password: string): Promise<void> {
  await writeLoginRules(dataFolder);
  await asSuperuser(dataFolder, "postgres", [...roles(password), CREATE_DATABASE]);
}

/**
 * Makes a folder of earlier versions private, where the application was the superuser with a password that everybody
 * knew; its data stays. Can be repeated. The folder's server must not run.
 */
export async function convert(dataFolder: string, password: string): Promise<void> {
  await writeLoginRules(dataFolder);
  // Anybody could have set anything in a server of before: commands to run, libraries to load.
  await rm(join(dataFolder, "postgresql.auto.conf"), { force: true });
  await replaceFile(join(dataFolder, "postgresql.conf"), "");
  await asSuperuser(dataFolder, "postgres", roles(password));
  await asSuperuser(dataFolder, "postgres", [CREATE_DATABASE]).catch((error: unknown) => {
    if (!String(error).includes(`database "${APPLICATION}" already exists`)) {
      throw error;
    }
  });
  await asSuperuser(dataFolder, APPLICATION, [HAND_OVER]);
}

/** Nobody logs in but the application, and it only through the socket. */
async function writeLoginRules(dataFolder: string): Promise<void> {
  await replaceFile(join(dataFolder, "pg_hba.conf"), `local all ${APPLICATION} scram-sha-256\n`);
}

/**
 * Writes a file anew for the server's account. The folder is that account's: what lies there is not followed, and what is
 * given away is the open file, whatever has its name by then.
 */
async function replaceFile(path: string, content: string): Promise<void> {
  const account = await serverAccount();
  await rm(path, { force: true });
  await using handle = await open(path, "wx", 0o600);
  await handle.writeFile(content);
  if (account) {
    await handle.chown(account.uid, account.gid);
  }
}

/** Runs statements in a server without network or socket, which ends with them; they reach no log. */
async function asSuperuser(dataFolder: string, database: string, statements: string[]): Promise<void> {
  const settings = ["exit_on_error=on", "log_min_error_statement=panic", "log_statement=none"];
  const flags = settings.flatMap((setting) => ["-c", setting]);
  // An empty line behind a semicolon ends a statement.
  const input = statements.map((statement) => `${statement};\n\n`).join("");
  await runToEnd("postgres", ["--single", "-j", "-D", dataFolder, ...flags, database], input);
}

const CREATE_DATABASE = `create database ${APPLICATION} owner ${APPLICATION} encoding 'UTF8' template template0`;

/**
 * The application owns its database: that is what migrations need, and all. The role for readers is made here, as the
 * right to make roles would be one to make any.
 */
function roles(password: string): string[] {
  return [
    // Nobody can rename himself, so another one does it.
    `do $$
    begin
      if (select rolname from pg_authid where oid = 10) = '${APPLICATION}' then
        create role runledger_renames superuser;
        perform set_config('session_authorization', 'runledger_renames', false);
        alter role ${APPLICATION} rename to ${SUPERUSER};
        perform set_config('session_authorization', '${SUPERUSER}', false);
        drop role runledger_renames;
      end if;
      execute format('alter role %I password null', (select rolname from pg_authid where oid = 10));
      if not exists (select from pg_roles where rolname = '${APPLICATION}') then
        create role ${APPLICATION};
      end if;
      if not exists (select from pg_roles where rolname = 'runledger_reader') then
        create role runledger_reader nologin;
      end if;
    end
    $$`,
    `alter role ${APPLICATION} login nosuperuser nocreatedb nocreaterole noreplication nobypassrls ` +
      `password '${password}'`,
  ];
}

/** Whatever the superuser made in the database belongs to the application. */
const HAND_OVER = `do $$
  declare
    statement text;
  begin
    for statement in
      select format('alter database %I owner to ${APPLICATION}', current_database())
      union all
      select format('alter schema %I owner to ${APPLICATION}', nspname)
      from pg_namespace where nspowner = 10 and oid >= 16384
      union all
      select format('alter %s %s owner to ${APPLICATION}',
                    case relkind when 'v' then 'view' when 'm' then 'materialized view' when 'S' then 'sequence'
                                 else 'table' end, c.oid::regclass)
      from pg_class c
      where relowner = 10 and c.oid >= 16384 and relkind in ('r', 'p', 'v', 'm', 'S')
        and relnamespace not in ('pg_catalog'::regnamespace, 'pg_toast'::regnamespace)
        and not exists (select from pg_depend d
                        where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype in ('a', 'i', 'e')
                          and d.refclassid in ('pg_class'::regclass, 'pg_extension'::regclass)
                          and (relkind = 'S' or d.deptype = 'e'))
      union all
      select format('alter routine %s owner to ${APPLICATION}', oid::regprocedure)
      from pg_proc where proowner = 10 and oid >= 16384
      union all
      select format('alter type %s owner to ${APPLICATION}', t.oid::regtype)
      from pg_type t left join pg_class c on c.oid = t.typrelid
      where t.typowner = 10 and t.oid >= 16384 and (t.typtype in ('e', 'd', 'r') or c.relkind = 'c')
    loop
      execute statement;
    end loop;
  end
  $$`;
