/**
 * What a session must have, whatever the server, the database or the role says: the code reads values as these settings
 * have them written. Whether a database may only be read is its owner's to say, so that is not among them.
 */
const PINNED = {
  DateStyle: "ISO,MDY",
  IntervalStyle: "postgres",
  TimeZone: "UTC",
  client_encoding: "UTF8",
  extra_float_digits: "1",
  bytea_output: "hex",
  // Every name is qualified; an object of another schema cannot take a built-in one's place.
  search_path: "pg_catalog,pg_temp",
  standard_conforming_strings: "on",
  statement_timeout: "0",
  lock_timeout: "0",
  idle_session_timeout: "0",
  // Between the statements of a transaction there are milliseconds: what is silent for so long hangs, and holds locks.
  idle_in_transaction_session_timeout: "10min",
} as const;

/** What a transaction says itself where it wants another one. */
const ISOLATION = "read committed";

/** Since Postgres 17. */
const PINNED_SINCE_17 = { transaction_timeout: "0" } as const;

/** All names, whatever the version. */
export const PINNED_NAMES: readonly string[] = [
  ...Object.keys({ ...PINNED, ...PINNED_SINCE_17 }),
  "default_transaction_isolation",
];

/** The first version that has `transaction_timeout`, as `server_version_num` says it. */
const VERSION_17 = 170_000;

/** For the startup packet: they are the session's from its first statement on. */
export function startupOptions(version: number): string {
  return [...pinned(version), ["default_transaction_isolation", ISOLATION] as const]
    .map(([name, value]) => `-c ${name}=${value.replaceAll(" ", String.raw`\ `)}`)
    .join(" ");
}

/** `begin`, or another statement that begins a transaction, with the isolation that it has where it says none. */
export function withIsolation(begin: string): string {
  return /isolation/iu.test(begin) ? begin : `${begin} isolation level ${ISOLATION}`;
}

/** For the beginning of a transaction: they end with it and leave nothing on a session that others use, too. */
export function localSettings(version: number): string {
  return pinned(version)
    .map(([name, value]) => `set local ${name} = ${name === "search_path" ? value : `'${value}'`}`)
    .join("; ");
}

function pinned(version: number): [string, string][] {
  return Object.entries(version >= VERSION_17 ? { ...PINNED, ...PINNED_SINCE_17 } : PINNED);
}
