import type { Sandbox } from "../src/index.ts";

/** A token request with the sandbox's own credentials, some of them changed. */
export function credentialsOf(sandbox: Sandbox, change: Record<string, string> = {}): URLSearchParams {
  return new URLSearchParams({
    client_id: sandbox.clientId,
    client_secret: sandbox.clientSecret,
    grant_type: "client_credentials",
    ...change,
  });
}

/** Asks for a token by GET. */
export async function askForToken(sandbox: Sandbox, change?: Record<string, string>): Promise<Response> {
  return fetch(`${sandbox.url}/oauth/token?${credentialsOf(sandbox, change).toString()}`);
}

export async function tokenOf(sandbox: Sandbox): Promise<string> {
  const body: unknown = await (await askForToken(sandbox)).json();
  if (typeof body === "object" && body !== null && "access_token" in body) {
    return String(body.access_token);
  }
  throw new Error(`no token: ${JSON.stringify(body)}`);
}

/** Asks for a path below the API root with the token, by default a new one. */
export async function ask(
  sandbox: Sandbox,
  path: string,
  { method = "GET", token, signal }: { method?: string; token?: string; signal?: AbortSignal } = {},
): Promise<Response> {
  return fetch(`${sandbox.url}${encodeURI(path)}`, {
    method,
    headers: { authorization: `Bearer ${token ?? (await tokenOf(sandbox))}` },
    ...(signal && { signal }),
  });
}
