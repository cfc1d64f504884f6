import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startSandbox, type Sandbox } from "../src/index.ts";
import { ask, askForToken, credentialsOf, tokenOf } from "./connection.ts";
import { historyOf, PIPELINE, row } from "./rows.ts";

const NOW = new Date("2026-03-10T13:00:00Z");
const LAST_RUN = `/stats/pipelines/${PIPELINE}/last-run/stats`;

let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await startSandbox({ history: historyOf(row()), scopes: ["stats:read"] });
});
beforeEach(() => sandbox.setClock(() => NOW));
afterAll(() => sandbox.close());

describe("a token is granted", () => {
  test("to credentials in the query", async () => {
    const response = await askForToken(sandbox);

    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      access_token: expect.any(String),
      refresh_token: expect.any(String),
      expires_in: 86_400,
      scope: "stats:read",
      token_type: "Bearer",
    });
  });

  test("to credentials in the query of a POST", async () => {
    const query = credentialsOf(sandbox).toString();
    const response = await fetch(`${sandbox.url}/oauth/token?${query}`, { method: "POST" });

    expect(response.status).toBe(200);
  });

  test("to credentials in a form", async () => {
    const response = await fetch(`${sandbox.url}/oauth/token`, {
      method: "POST",
      body: credentialsOf(sandbox),
    });

    expect(response.status).toBe(200);
  });

  test("anew at every call, and the older ones stay good", async () => {
    const older = await tokenOf(sandbox);
    const newer = await tokenOf(sandbox);

    expect(newer).not.toBe(older);
    expect((await ask(sandbox, LAST_RUN, { token: older })).status).toBe(200);
  });
});

describe("a token request is refused", () => {
  test.each([
    ["a wrong secret", { client_secret: "wrong" }, 401, "invalid_client"],
    ["an unknown client", { client_id: PIPELINE }, 401, "invalid_client"],
    ["another grant", { grant_type: "password" }, 400, "unsupported_grant_type"],
  ])("for %s", async (_, change, status, error) => {
    const response = await askForToken(sandbox, change);

    expect(response.status).toBe(status);
    expect(await response.json()).toEqual({ error, error_description: expect.any(String) });
  });

  test("without parameters", async () => {
    const response = await fetch(`${sandbox.url}/oauth/token`);

    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: "invalid_request" });
  });

  test("by hanging up on a client_id that is no UUID", async () => {
    await expect(askForToken(sandbox, { client_id: "me" })).rejects.toThrow("fetch failed");
  });
});

describe("a request is refused with an empty body", () => {
  test("401 without a token or with an unknown one", async () => {
    const without = await fetch(`${sandbox.url}${LAST_RUN}`);
    const unknown = await ask(sandbox, LAST_RUN, { token: "unknown" });

    expect([without.status, await without.text()]).toEqual([401, ""]);
    expect([unknown.status, await unknown.text()]).toEqual([401, ""]);
  });

  test("401 once 24 hours have passed", async () => {
    const token = await tokenOf(sandbox);
    sandbox.setClock(() => new Date(NOW.getTime() + 86_399_000));
    expect((await ask(sandbox, LAST_RUN, { token })).status).toBe(200);

    sandbox.setClock(() => new Date(NOW.getTime() + 86_400_000));
    expect((await ask(sandbox, LAST_RUN, { token })).status).toBe(401);
  });

  test("401 after all tokens were made to expire", async () => {
    const token = await tokenOf(sandbox);
    sandbox.expireTokens();

    expect((await ask(sandbox, LAST_RUN, { token })).status).toBe(401);
  });

  test("403 without the scope", async () => {
    const response = await ask(sandbox, `/pipelines/${PIPELINE}/runs/`, { method: "POST" });

    expect([response.status, await response.text()]).toEqual([403, ""]);
  });
});
