import { spawn } from "node:child_process";
import { once } from "node:events";
import { inspect } from "node:util";

import { describe, expect, test } from "vitest";

import { ConfigurationError, YlemClient, type YlemClientOptions, YlemError } from "../src/index.ts";
import { CLIENT_ID, CLIENT_SECRET, HOUR, PIPELINE, type Reply, failureOf, ylem } from "./ylem.ts";

describe("options", () => {
  const CREDENTIALS = { clientId: CLIENT_ID, clientSecret: CLIENT_SECRET };

  test("may be the credentials alone", () => {
    expect(new YlemClient(CREDENTIALS)).toBeInstanceOf(YlemClient);
  });

  test.each<Partial<YlemClientOptions>>([
    { clientId: "" },
    { clientSecret: "" },
    { baseUrl: "api.example" },
    { baseUrl: "ftp://api.example" },
    { baseUrl: "https://user:pass@api.example/v1" },
    { baseUrl: "https://api.example/v1?x=1" },
    { concurrency: 0 },
    { concurrency: 1.5 },
    { maxTries: 0 },
    { requestsPerSecond: 0 },
    { tryTimeoutMs: 0 },
    { totalTimeoutMs: 2 ** 31 },
    { maxBodyBytes: Number.NaN },
    { output: { key: "too short" } },
  ])("are refused: %j", (options) => {
    expect(() => new YlemClient({ ...CREDENTIALS, ...options })).toThrow(ConfigurationError);
  });

  test("may give the base URL with a slash at its end", async () => {
    const server = await ylem(() => ({ json: [] }));
    await server.client({ baseUrl: `${server.baseUrl}/` }).runLog(PIPELINE, HOUR);
    expect(server.requests[0]?.path).toMatch(/^\/stats/);
  });
});

describe("secrets", () => {
  const SECRETS = [CLIENT_SECRET, encodeURIComponent(CLIENT_SECRET), "s3cret%2Fwith%2Bodd+chars", "token-1"];
  const echo = SECRETS.join(" and ");

  test.each<[string, Reply, Reply | undefined]>([
    ["a refusal", { status: 400, text: echo }, undefined],
    ["a server in trouble", { status: 500, text: echo }, undefined],
    ["a broken answer", { text: echo }, undefined],
    [
      "a refusal that the excerpt cuts in a secret",
      { status: 400, text: `${"x".repeat(192)}${echo}` },
      undefined,
    ],
    ["a refused token", { status: 401, text: echo }, undefined],
    [
      "refused credentials",
      null,
      { status: 401, json: { error: "invalid_client", error_description: CLIENT_SECRET } },
    ],
    ["a broken token answer", null, { text: `{"access_token": "token-1", ${echo}` }],
    [
      "a token that is cut off",
      null,
      (response) => void response.writeHead(200).end('{"access_token":"token-1'),
    ],
  ])("do not show in the error of %s", async (_, reply, tokenReply) => {
    const server = await ylem(() => reply, tokenReply === undefined ? undefined : () => tokenReply);
    const error = await failureOf(server.client().runLog(PIPELINE, HOUR));
    expect(error).toBeInstanceOf(YlemError);
    const shown = inspect(error, { depth: Infinity, showHidden: true });
    for (const secret of SECRETS) expect(shown).not.toContain(secret);
    expect(shown).not.toContain("s3cret");
  });

  test("do not show in the cause, though another fetch names the URL", async () => {
    const server = await ylem(() => null);
    const fetch: typeof globalThis.fetch = async (url) => {
      throw new Error(`request to ${new Request(url).url} failed`, { cause: { url } });
    };
    const error = await failureOf(server.client({ fetch }).scopes());
    const shown = inspect(error, { depth: Infinity, showHidden: true });
    expect(shown).toContain("client_secret=[secret]");
    for (const secret of SECRETS) expect(shown).not.toContain(secret);
  });

  test("do not show in the client", async () => {
    const server = await ylem(() => ({ json: [] }));
    const client = server.client({ output: { key: Buffer.alloc(32, 7) } });
    await client.runLog(PIPELINE, HOUR);
    const shown = inspect(client, { depth: Infinity, showHidden: true });
    for (const secret of SECRETS) expect(shown).not.toContain(secret);
  });
});

describe("closing", () => {
  test("ends the calls that run and refuses new ones", async () => {
    const reached = Promise.withResolvers<void>();
    const server = await ylem(() => () => reached.resolve());
    const client = server.client({ concurrency: 1 });
    const running = [failureOf(client.runLog(PIPELINE, HOUR)), failureOf(client.runLog(PIPELINE, HOUR))];
    await reached.promise;
    await client.close();
    for (const error of [...(await Promise.all(running)), await failureOf(client.scopes())]) {
      expect(error).toMatchObject({ name: "AbortError", message: "The Ylem client was closed" });
    }
    expect(server.requests).toHaveLength(1);
  });

  test("lets the process end, connections kept alive and all", async () => {
    const server = await ylem(() => ({ json: [] }));
    const program = `
      import { YlemClient } from ${JSON.stringify(import.meta.resolve("../src/index.ts"))};
      const client = new YlemClient(${JSON.stringify({
        baseUrl: server.baseUrl,
        clientId: CLIENT_ID,
        clientSecret: CLIENT_SECRET,
        requestsPerSecond: 1000,
      })});
      await client.scopes();
      await client.close();`;
    const child = spawn(process.execPath, ["--input-type=module", "--eval", program], { stdio: "inherit" });
    expect(await once(child, "exit")).toEqual([0, null]);
  });
});
