import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { exitCode, UsageError } from "@runledger/cli";
import { simpleParser } from "mailparser";
import { expect, test } from "vitest";
import { suppress } from "../src/commands/suppress.ts";
import { weekly } from "../src/commands/weekly.ts";
import { readToken, unsubscribeLink } from "../src/delivery/email/unsubscribe.ts";
import { createWorld, startMailServer, type World } from "./weekly-fixture.ts";

const SECRET = "0123456789abcdef";
const unsubscription = { agreement: "finance", recipient: "Ö.K+x@acme.example" };

function tokenIn(link: string): string {
  return new URL(link).searchParams.get("token") ?? "";
}

test("makes a link that says who wants no more of what", () => {
  const link = unsubscribeLink("https://status.acme.example/u?list=sla", SECRET, unsubscription);
  expect(link).toMatch(/^https:\/\/status\.acme\.example\/u\?list=sla&token=finance\.[\w-]+\.[\w-]+$/u);
  expect(readToken(tokenIn(link), SECRET)).toEqual(unsubscription);
});

test("believes no token that was changed or made with another secret", () => {
  const token = tokenIn(unsubscribeLink("https://status.acme.example/", SECRET, unsubscription));
  for (const forged of [token.replace("finance", "sales"), `${token}x`, "", "a.b.c", token.slice(0, -1)]) {
    expect(readToken(forged, SECRET)).toBeNull();
  }
  expect(readToken(token, "another secret")).toBeNull();
});

/** The fixture's world, its agreement with an endpoint. */
async function createLinkingWorld(): Promise<World> {
  const world = await createWorld();
  const file = join(world.folder, "runledger.yaml");
  const config = await readFile(file, "utf8");
  await writeFile(
    file,
    config.replace("settle: 6h", "settle: 6h, unsubscribe_url: 'https://acme.example/u'"),
  );
  return world;
}

test("takes a recipient at their word: one click, and the next report goes to the others only", async () => {
  await using world = await createLinkingWorld();
  await using server = await startMailServer();
  const env = { SMTP_URL: server.url, MAIL_FROM: "sla@acme.example", UNSUBSCRIBE_SECRET: SECRET };
  await weekly(world.context(env), { out: world.folder, send: true, week: "2026-W11" });
  const mail = server.mails.find(({ to }) => to.includes("a@acme.example"));
  const { headers, headerLines } = await simpleParser(mail?.source ?? "");
  expect(headers.get("list")).toMatchObject({
    unsubscribe: { mail: "sla@acme.example?subject=unsubscribe" },
    "unsubscribe-post": { name: "List-Unsubscribe=One-Click" },
  });
  const line = headerLines.find(({ key }) => key === "list-unsubscribe")?.line ?? "";
  const token = tokenIn(/<(https:[^>]+)>/u.exec(line.replaceAll(/\s/gu, ""))?.[1] ?? "");

  const context = world.context(env);
  expect(await suppress(context, { token }, [])).toBe(exitCode.done);
  expect(JSON.parse(context.printed())).toMatchObject([
    { recipient: "a@acme.example", agreement: "finance", reason: "one-click" },
  ]);
  server.mails.length = 0;
  const next = world.context(env);
  expect(await weekly(next, { out: world.folder, send: true })).toBe(exitCode.done);
  expect(server.mails.map(({ to }) => to)).toEqual([["b@acme.example"]]);
  expect(JSON.parse(next.printed())[0].deliveries).toMatchObject([
    { recipient: "a@acme.example", status: "suppressed" },
    { recipient: "b@acme.example", status: "sent" },
  ]);
  const { rows } = await world.history.pool.query(
    "select status, attempts from runledger.deliveries where week = '2026-W12' order by recipient",
  );
  expect(rows).toEqual([
    { status: "suppressed", attempts: 0 },
    { status: "sent", attempts: 1 },
  ]);
});

test("stops and lets through by hand, whatever the case of the address", async () => {
  await using world = await createWorld();
  const list = async (
    ...asked: Parameters<typeof suppress> extends [unknown, ...infer Rest] ? Rest : never
  ) => {
    const context = world.context();
    await suppress(context, ...asked);
    return JSON.parse(context.printed());
  };
  await list({}, ["A@acme.example"]);
  expect(await list({}, ["a@ACME.example"])).toMatchObject([
    { recipient: "A@acme.example", agreement: null, reason: "by hand" },
  ]);
  expect(await list({ agreement: "finance" }, ["a@acme.example"])).toHaveLength(2);
  expect(await list({ remove: true }, ["a@acme.example"])).toMatchObject([{ agreement: "finance" }]);
  await expect(list({ agreement: "sales" }, ["a@acme.example"])).rejects.toThrow("no agreement sales");
});

test("refuses a forged token", async () => {
  await using world = await createLinkingWorld();
  const forging = suppress(world.context({ UNSUBSCRIBE_SECRET: SECRET }), { token: "finance.YQ.x" }, []);
  await expect(forging).rejects.toThrow(UsageError);
});

test("makes no link that nobody could check: without the secret the sender is asked by mail", async () => {
  await using world = await createLinkingWorld();
  await using server = await startMailServer();
  const env = { SMTP_URL: server.url, MAIL_FROM: "sla@acme.example" };
  expect(await weekly(world.context(env), { out: world.folder, send: true, week: "2026-W11" })).toBe(
    exitCode.done,
  );
  const [mail] = server.mails;
  expect(mail?.source.toString()).toContain("List-Unsubscribe: <mailto:");
  expect(mail?.source.toString()).not.toContain("List-Unsubscribe-Post");
});
