import { readFileSync } from "node:fs";
import { UsageError } from "./errors.ts";
import { readProxies, type Proxies } from "./proxies.ts";

/** What the environment sets, read once by `main.ts`. Absent and empty variables are `null`. */
export interface Environment {
  ylem: {
    /** `YLEM_BASE_URL`, default `https://api.datamin.io/v1`. */
    baseUrl: string;
    clientId: string | null;
    clientSecret: string | null;
    /** `YLEM_OUTPUT_KEY`, hex or base64: opens encrypted outputs. */
    outputKey: string | null;
    outputCipher: "aes-256-gcm" | "aes-256-cbc";
  };
  /** `DATABASE_URL`; without it the embedded Postgres is used. */
  databaseUrl: string | null;
  smtpUrl: string | null;
  /** For the API and everything else that is asked by HTTP; mail servers and Postgres are not. */
  proxies: Proxies;
  mailFrom: string | null;
  /** `MAIL_MAX_SIZE`, such as `10MB`, in bytes: a larger mail goes without its workbook. */
  mailMaxSize: number | null;
  /** `DKIM_DOMAIN`, `DKIM_SELECTOR` and `DKIM_PRIVATE_KEY` (PEM), all of them or none: outgoing mail is signed. */
  dkim: { domain: string; selector: string; privateKey: string } | null;
  /** `UNSUBSCRIBE_SECRET`: proves that a one-click link was made here. */
  unsubscribeSecret: string | null;
  /** `RUNLEDGER_CONFIG`, default `./runledger.yaml`. */
  configPath: string;
  logLevel: LogLevel;
  /** `NO_COLOR` is never, `FORCE_COLOR` always; without them, colours are for terminals. */
  color: "auto" | "always" | "never";
  /** Whether `CI` is set: no progress bars then. */
  isCi: boolean;
}

const LOG_LEVELS = ["debug", "info", "warn", "error", "silent"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

const CIPHERS = ["aes-256-gcm", "aes-256-cbc"] as const;

/**
 * Reads and checks the variables. Each secret may come from a file instead: `NAME_FILE` holds its path, as
 * container platforms mount secrets.
 *
 * @throws UsageError for an unreadable secret file or a value that is not one of the allowed.
 */
export function readEnvironment(env: NodeJS.ProcessEnv): Environment {
  const variable = (name: string): string | null => env[name]?.trim() || null;
  const secret = (name: string): string | null =>
    variable(name) ?? secretFile(name, variable(`${name}_FILE`));
  return {
    ylem: {
      baseUrl: variable("YLEM_BASE_URL") ?? "https://api.datamin.io/v1",
      clientId: secret("YLEM_CLIENT_ID"),
      clientSecret: secret("YLEM_CLIENT_SECRET"),
      outputKey: secret("YLEM_OUTPUT_KEY"),
      outputCipher: oneOf(CIPHERS, "YLEM_OUTPUT_CIPHER", variable("YLEM_OUTPUT_CIPHER") ?? "aes-256-gcm"),
    },
    databaseUrl: secret("DATABASE_URL"),
    smtpUrl: secret("SMTP_URL"),
    proxies: readProxies(secret),
    mailFrom: variable("MAIL_FROM"),
    mailMaxSize: readSize("MAIL_MAX_SIZE", variable("MAIL_MAX_SIZE")),
    dkim: readDkim(variable("DKIM_DOMAIN"), variable("DKIM_SELECTOR"), secret("DKIM_PRIVATE_KEY")),
    unsubscribeSecret: secret("UNSUBSCRIBE_SECRET"),
    configPath: variable("RUNLEDGER_CONFIG") ?? "./runledger.yaml",
    logLevel: oneOf(LOG_LEVELS, "LOG_LEVEL", variable("LOG_LEVEL") ?? "info"),
    color: readColor(env),
    isCi: variable("CI") !== null,
  };
}

function readDkim(
  domain: string | null,
  selector: string | null,
  privateKey: string | null,
): Environment["dkim"] {
  if (domain !== null && selector !== null && privateKey !== null) {
    return { domain, selector, privateKey };
  }
  if (domain === null && selector === null && privateKey === null) {
    return null;
  }
  throw new UsageError("DKIM_DOMAIN, DKIM_SELECTOR and DKIM_PRIVATE_KEY belong together: set all or none");
}

/** `NO_COLOR` goes first, and a terminal that says it is dumb has none. */
function readColor({ NO_COLOR, FORCE_COLOR, TERM }: NodeJS.ProcessEnv): Environment["color"] {
  if (NO_COLOR || FORCE_COLOR === "0" || FORCE_COLOR === "false") {
    return "never";
  }
  if (FORCE_COLOR !== undefined) {
    return "always";
  }
  return TERM === "dumb" ? "never" : "auto";
}

function secretFile(name: string, path: string | null): string | null {
  if (path === null) {
    return null;
  }
  try {
    return readFileSync(path, "utf8").trim() || null;
  } catch (cause) {
    const { code }: NodeJS.ErrnoException = Object(cause);
    throw new UsageError(`${name}_FILE: cannot read ${path} (${code})`, { cause });
  }
}

function readSize(name: string, value: string | null): number | null {
  if (value === null) {
    return null;
  }
  const [, digits, unit = ""] = /^(\d+) ?(B|kB|MB)$/iu.exec(value) ?? [];
  const bytes = Number(digits) * ({ b: 1, kb: 1000, mb: 1_000_000 }[unit.toLowerCase()] ?? 1);
  if (!(bytes > 0)) {
    throw new UsageError(`${name} is ${JSON.stringify(value)}; write it as 10MB or 500kB`);
  }
  return bytes;
}

function oneOf<T extends string>(allowed: readonly T[], name: string, value: string): T {
  const found = allowed.find((candidate) => candidate === value);
  if (found === undefined) {
    throw new UsageError(`${name} is ${JSON.stringify(value)}; it can be ${allowed.join(", ")}`);
  }
  return found;
}
