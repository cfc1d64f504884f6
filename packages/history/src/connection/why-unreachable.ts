import { reasonOf } from "./errors.ts";
import type { PostgresAddress } from "./postgres-address.ts";

/** Why no connection came about and what to do; of an address that is not certain without the driver's own words. */
export function whyUnreachable(error: unknown, { isCertain, config }: PostgresAddress): string {
  const code = codeOf(error);
  const reason = isCertain ? reasonOf(error) : code || "no connection";
  const database = isCertain ? (config.database ?? config.user) : null;
  return `${reason}. ${remedyFor(code, reasonOf(error), database ?? "runledger") ?? GENERAL}`;
}

const GENERAL = "Check DATABASE_URL (or DATABASE_URL_FILE) and that the server is up.";

function codeOf(error: unknown): string {
  if (error instanceof AggregateError) {
    return codeOf(error.errors[0]);
  }
  const { code }: { code?: unknown } = Object(error);
  return typeof code === "string" ? code : "";
}

function remedyFor(code: string, reason: string, database: string): string | null {
  if (/^(?:DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT|UNABLE_TO_|CERT_|ERR_TLS_CERT)/u.test(code)) {
    return (
      "Give the certificate of the server's authority: add sslmode=verify-full&sslrootcert=/path/to/ca.pem to " +
      "DATABASE_URL; the host in it has to be the certificate's. sslmode=no-verify encrypts without a check."
    );
  }
  if (/does not support SSL/u.test(reason)) {
    return "In a network that you trust: put sslmode=disable in DATABASE_URL.";
  }
  if (/no pg_hba\.conf entry.*no encryption/u.test(reason)) {
    return "The server wants TLS: add sslmode=verify-full to DATABASE_URL.";
  }
  return REMEDIES[code]?.(database) ?? null;
}

/** By SQLSTATE. */
const REMEDIES: Readonly<Record<string, (database: string) => string>> = {
  "28P01": () => "Check user and password in DATABASE_URL.",
  "28000": () => "Check the user in DATABASE_URL, and that pg_hba.conf lets it in from here.",
  "3D000": (database) =>
    `As a superuser: create database "${database.replaceAll('"', '""')}" encoding 'UTF8' template template0;`,
  "53300": () => "The server has no connection left: raise max_connections, or put a pooler before it.",
  "57P03": () => "The server is starting or stopping: run again in a moment.",
};
