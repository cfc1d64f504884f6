import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { createServer, request } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { connect, type AddressInfo, type Server } from "node:net";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { createTestHistory } from "@runledger/history/testing";
import { SourceHistory, startSandbox } from "@runledger/ylem-sandbox";
import { expect, onTestFinished, test } from "vitest";
import { selfSigned } from "@runledger/testing/self-signed";
import { configFolder } from "./sync-fixture.ts";

const MAIN = join(import.meta.dirname, "..", "src", "main.ts");

/** An HTTP proxy that wants a login, and counts the connections it makes. */
async function startProxy(): Promise<{ port: number; targets: string[] }> {
  const targets: string[] = [];
  const proxy = createServer((_request, response) => response.writeHead(405).end());
  proxy.on("connect", (asked, client) => {
    const login = Buffer.from("me:p@ss/word").toString("base64");
    client.on("error", () => {});
    if (asked.headers["proxy-authorization"] !== `Basic ${login}`) {
      client.end("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
      return;
    }
    targets.push(asked.url ?? "");
    const port = Number(asked.url?.split(":").at(-1));
    const server = connect(port, "127.0.0.1", () => {
      client.write("HTTP/1.1 200 Connection established\r\n\r\n");
      server.pipe(client).pipe(server);
    });
    server.on("error", () => client.destroy());
    client.on("close", () => server.destroy());
  });
  return { port: await listening(proxy), targets };
}

async function listening(server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  // What listens on TCP has such an address.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return (server.address() as AddressInfo).port;
}

/** The sandbox over TLS, and how many connections it has had. */
async function startApi() {
  const sandbox = await startSandbox({ history: new SourceHistory() });
  onTestFinished(() => sandbox.close());
  const { port, pathname } = new URL(sandbox.url);
  const api = createTlsServer(selfSigned, (asked, answer) => {
    const { method, url, headers } = asked;
    const inner = request({ host: "127.0.0.1", port, method, path: url, headers }, (response) => {
      answer.writeHead(response.statusCode ?? 500, response.headers);
      response.pipe(answer);
    });
    asked.pipe(inner);
  });
  let connections = 0;
  api.on("secureConnection", () => (connections += 1));
  const tlsPort = await listening(api);
  return {
    sandbox,
    port: tlsPort,
    connections: () => connections,
    url: `https://localhost:${tlsPort}${pathname === "/" ? "" : pathname}`,
  };
}

async function sync(api: Awaited<ReturnType<typeof startApi>>, proxies: Record<string, string>) {
  await using history = await createTestHistory();
  await using config = await configFolder({ orders: "7b1c0f7e-0000-4000-8000-000000000001" });
  const ca = join(dirname(config.path), "ca.pem");
  await writeFile(ca, selfSigned.cert);
  const child = spawn(process.execPath, [MAIN, "sync"], {
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      PATH: process.env["PATH"],
      YLEM_BASE_URL: api.url,
      YLEM_CLIENT_ID: api.sandbox.clientId,
      YLEM_CLIENT_SECRET: api.sandbox.clientSecret,
      DATABASE_URL: history.url,
      RUNLEDGER_CONFIG: config.path,
      NODE_EXTRA_CA_CERTS: ca,
      ...proxies,
    },
  });
  const [out, err, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close"),
  ]);
  return { code, out, err };
}

test("asks the API through the proxy, and never past it", async () => {
  const proxy = await startProxy();
  const api = await startApi();
  const { code, err } = await sync(api, { HTTPS_PROXY: `http://me:p%40ss%2Fword@127.0.0.1:${proxy.port}` });
  expect(err).not.toMatch(/warning/iu);
  expect(code).toBe(0);
  expect(proxy.targets.length).toBeGreaterThan(0);
  expect(new Set(proxy.targets)).toEqual(new Set([`localhost:${api.port}`]));
  expect(api.connections()).toBe(proxy.targets.length);
});

test("goes past the proxy to the hosts of NO_PROXY", async () => {
  const proxy = await startProxy();
  const api = await startApi();
  const { code } = await sync(api, {
    https_proxy: `http://127.0.0.1:${proxy.port}`,
    NO_PROXY: "acme.example,localhost",
  });
  expect(code).toBe(0);
  expect(proxy.targets).toEqual([]);
  expect(api.connections()).toBeGreaterThan(0);
});

test("shows nothing of a proxy's address that cannot be told apart", async () => {
  const api = await startApi();
  const { code, err } = await sync(api, { HTTPS_PROXY: "http://me:s3/cret@proxy:3128" });
  expect(err).toMatch(/HTTPS_PROXY is not the URL of an HTTP proxy.*percent-encode/u);
  expect(err).not.toMatch(/s3|cret@|:3128;/u);
  expect(code).toBe(2);
  expect(api.connections()).toBe(0);
});
