import { randomBytes } from "node:crypto";
import { json, type Answer } from "./answer.ts";
import { isUuid } from "../source/uuid.ts";

export interface OAuthClient {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scopes: readonly string[];
  readonly tokenLifetimeSeconds: number;
}

/** OAuth 2.0 client credentials for one client. Every grant is a new pair; older ones stay good until they expire. */
export class TokenStore {
  readonly #client: OAuthClient;
  readonly #expiries = new Map<string, number>();

  constructor(client: OAuthClient) {
    this.#client = client;
  }

  /** Answers a token request; `null`: the server trips over a `client_id` that is no UUID and hangs up. */
  grant(parameters: URLSearchParams, now: Date): Answer | null {
    const clientId = parameters.get("client_id");
    const grantType = parameters.get("grant_type");
    if (clientId === null || grantType === null) {
      return refusal(400, "invalid_request", "client_id and grant_type are required");
    }
    if (!isUuid(clientId)) {
      return null;
    }
    if (grantType !== "client_credentials") {
      return refusal(400, "unsupported_grant_type", "only client_credentials is supported");
    }
    if (clientId !== this.#client.clientId || parameters.get("client_secret") !== this.#client.clientSecret) {
      return refusal(401, "invalid_client", "Client authentication failed");
    }
    return json(this.#newPair(now));
  }

  /** Whether the `Authorization` header carries a token that is known and has not expired. */
  accepts(authorization: string | undefined, now: Date): boolean {
    const token = /^Bearer (.+)$/i.exec(authorization ?? "")?.[1];
    return token !== undefined && (this.#expiries.get(token) ?? 0) > now.getTime();
  }

  allows(scope: string): boolean {
    return this.#client.scopes.includes(scope);
  }

  /** Every token granted so far is refused from now on. */
  expireAll(): void {
    this.#expiries.clear();
  }

  #newPair(now: Date) {
    const { scopes, tokenLifetimeSeconds } = this.#client;
    const accessToken = newToken();
    this.#expiries.set(accessToken, now.getTime() + tokenLifetimeSeconds * 1000);
    return {
      access_token: accessToken,
      expires_in: tokenLifetimeSeconds,
      refresh_token: newToken(),
      scope: scopes.join(","),
      token_type: "Bearer",
    };
  }
}

function refusal(status: number, error: string, description: string): Answer {
  return json({ error, error_description: description }, status);
}

function newToken(): string {
  return randomBytes(36).toString("base64url");
}
