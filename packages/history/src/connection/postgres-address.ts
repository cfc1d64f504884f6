import { userInfo } from "node:os";
import { PERCENT_ENCODE, takeApart } from "@runledger/config";
import type pg from "pg";
import { parse, toClientConfig } from "pg-connection-string";
import { DatabaseSetUpError } from "./errors.ts";

/** Where a connection URL leads. */
export interface PostgresAddress {
  config: pg.ClientConfig;
  /** `host:port/database`, or what stands for it in messages where that is not certain. */
  shown: string;
  /** Whether messages of the driver may be shown: they name hosts, users and databases as the URL was read. */
  isCertain: boolean;
}

const FORM = "postgres://user:password@host:port/database";

/**
 * Reads `DATABASE_URL`. What psql does with it holds, with one exception: wherever TLS is asked for, the server's
 * certificate is checked; `sslmode=no-verify` does without.
 *
 * @throws DatabaseSetUpError when it is no such URL; the message shows nothing of it.
 */
export function readPostgresUrl(url: string): PostgresAddress {
  const parts = takeApart(url);
  if (parts === null || !/^postgres(?:ql)?$/u.test(parts.scheme)) {
    throw new DatabaseSetUpError(
      `DATABASE_URL is not of the form ${FORM}, or what stands in it cannot be told apart. ` +
        `It is not shown here; ${PERCENT_ENCODE}.`,
    );
  }
  const config = toConfig(url);
  const host = config.host || "localhost";
  const socket = host.startsWith("/") ? `the socket in ${host}, ` : "";
  const server = socket || `${host}:${config.port ?? 5432}/`;
  return {
    config,
    isCertain: parts.isCertain,
    shown: parts.isCertain
      ? `${server}${socket && "database "}${config.database ?? config.user ?? ""}`
      : `the address in DATABASE_URL, which cannot be told apart for certain and is not shown (${PERCENT_ENCODE})`,
  };
}

function toConfig(url: string): pg.ClientConfig {
  try {
    const parsed = parse(withCheckedCertificate(url));
    // libpq's way: the account's own name, also where no variable has it, such as under cron.
    const user = parsed.user || process.env["PGUSER"] || accountName();
    return { ...toClientConfig(parsed), ...(user && { user }) };
  } catch (cause) {
    throw new DatabaseSetUpError(`DATABASE_URL cannot be used: ${reasonOf(cause)}`, {
      cause: cause instanceof URIError ? undefined : cause,
    });
  }
}

function reasonOf(cause: unknown): string {
  const { code, path }: NodeJS.ErrnoException = Object(cause);
  return code !== undefined && path !== undefined
    ? `cannot read the certificate or key ${path} that it names (${code}).`
    : `it is not of the form ${FORM}. It is not shown here; ${PERCENT_ENCODE}.`;
}

/** The driver takes these three for verify-full, too, but warns with every command that it will not do so for ever. */
function withCheckedCertificate(url: string): string {
  if (/[?&]uselibpqcompat=true(?:&|$)/u.test(url)) {
    return url;
  }
  return url
    .replace(/([?&]sslmode=)(?:prefer|require|verify-ca)(?=&|$)/u, "$1verify-full")
    .replace(/([?&])sslrootcert=system(?:&|$)/u, "$1sslmode=verify-full&");
}

function accountName(): string | undefined {
  try {
    return userInfo().username;
  } catch {
    return undefined;
  }
}
