import type { Call } from "./call.ts";
import { ShapeError, isUuid, toObject, toText } from "./fields.ts";
import type { Settings } from "./options.ts";

/** An access token. */
export interface Token {
  value: string;
  scopes: string[];
  /** From this instant on (ms since the epoch) a new one is asked for. */
  renewAt: number;
}

/** Asks for a token, as OAuth 2.0 client credentials (RFC 6749, 4.4). Asking twice only makes two tokens. */
export function tokenCall({ clientId, clientSecret, credentialsIn, now }: Settings): Call<Token> {
  const askedAt = now();
  return {
    method: credentialsIn === "body" ? "POST" : "GET",
    path: "/oauth/token",
    scope: null,
    isRepeatable: true,
    credentials: {
      in: credentialsIn,
      parameters: new URLSearchParams({
        client_id: clientId,
        client_secret: clientSecret,
        grant_type: "client_credentials",
      }),
      dropHint: isUuid(clientId)
        ? ""
        : "the client id is not a UUID, at which Ylem drops the connection: check it",
    },
    read: (json) => toToken(json, askedAt),
  };
}

/** Whether the server will say 403 for lack of this scope; of scopes in another dialect nothing is known. */
export function surelyLacks(scope: string, { scopes }: Token): boolean {
  const isKnownDialect = scopes.some((given) => /pipelines:|stats:/.test(given));
  return isKnownDialect && !scopes.includes(scope);
}

function toToken(json: unknown, askedAt: number): Token {
  const answer = toObject(json, "the token");
  const lifeMs = toLifeSeconds(answer["expires_in"]) * 1000;
  return {
    value: toHeaderText(answer["access_token"]),
    scopes: toText(answer["scope"] ?? "", "scope")
      .split(/[\s,]+/)
      .filter((scope) => scope !== ""),
    renewAt: askedAt + lifeMs - Math.min(RENEW_BEFORE_MS, lifeMs / 10),
  };
}

const RENEW_BEFORE_MS = 60_000;
/** Where the answer says nothing usable. Too long does no harm: a 401 renews the token too. */
const ASSUMED_LIFE_SECONDS = 3600;

function toLifeSeconds(value: unknown): number {
  const seconds = typeof value === "string" ? Number(value) : value;
  return typeof seconds === "number" && Number.isFinite(seconds) && seconds > 0
    ? seconds
    : ASSUMED_LIFE_SECONDS;
}

/** What cannot stand in a header would make fetch quote it in an error. */
function toHeaderText(value: unknown): string {
  const text = toText(value, "access_token");
  if (/^[\x21-\x7e]+$/.test(text)) return text;
  throw new ShapeError("access_token is empty or not printable");
}
