import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer, request } from "node:http";
import { join } from "node:path";
import { Writable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { createLog, exitCode, UsageError, type Context } from "@runledger/cli";
import { simpleParser } from "mailparser";
import { expect, onTestFinished, test, vi } from "vitest";
import { preview, type PreviewOptions } from "../src/commands/preview.ts";
import { weekly } from "../src/commands/weekly.ts";
import { serve } from "../src/preview/serve.ts";
import { createWorld, ORDERS, startMailServer, type World } from "./weekly-fixture.ts";

const MAIL_FROM = "Runledger <sla@acme.example>";

/** Starts the command and waits for what it prints: where it serves. */
async function startPreview(world: World, options: PreviewOptions = { port: 0 }) {
  const stop = new AbortController();
  const context = { ...world.context({ MAIL_FROM }), signal: stop.signal };
  const ended = preview(context, options);
  await Promise.race([ended, vi.waitFor(() => expect(context.printed()).not.toBe(""), 30_000)]);
  const { url, reports } = JSON.parse(context.printed());
  const end = async () => {
    stop.abort();
    return ended;
  };
  return { url: String(url), reports, end, [Symbol.asyncDispose]: async () => void (await end()) };
}

async function get(url: string, { host, method = "GET" }: { host?: string; method?: string } = {}) {
  const asked = request(url, { method, agent: false, headers: host === undefined ? {} : { host } }).end();
  const [response] = await once(asked, "response");
  const body = await buffer(response);
  return { status: response.statusCode, headers: response.headers, body, text: body.toString() };
}

/** What somebody who counts the history's rows would see. */
async function stored({ history }: World): Promise<unknown> {
  const { rows } = await history.pool.query(
    `select (select count(*) from runledger.reports) as reports, (select count(*) from runledger.sla_results) as results,
            (select count(*) from runledger.incidents) as incidents, (select count(*) from runledger.deliveries) as deliveries`,
  );
  return rows[0];
}

const NOTHING = { reports: 0, results: 0, incidents: 0, deliveries: 0 };

test("shows every report, who gets it and when, and stores nothing", async () => {
  await using world = await createWorld();
  await using shown = await startPreview(world);
  expect(shown.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/u);
  expect(shown.reports).toMatchObject([
    { agreement: "finance", week: "2026-W12", revision: 1, isStored: false, url: `${shown.url}finance/` },
  ]);
  const { status, text } = await get(shown.url);
  expect(status).toBe(200);
  for (const words of [
    '<a href="/finance/">Finance close</a>',
    "16–22 Mar 2026",
    "would be revision 1",
    "1 of 2 missed",
    "Mon 23 Mar 2026, 06:00<br>",
    "a@acme.example<br>b@acme.example",
  ]) {
    expect(text).toContain(words);
  }
  const page = await get(`${shown.url}finance/`);
  expect(page.text).toContain("[SLA] Finance close — 2026-W12 (16–22 Mar 2026): 1 of 2 missed");
  expect(page.text.match(/<iframe sandbox src="mail.html"/gu)).toHaveLength(2);
  expect(page.text.match(/not sent yet/gu)).toHaveLength(2);
  expect(await stored(world)).toEqual(NOTHING);
});

test("serves the files that report weekly writes, byte for byte", async () => {
  await using world = await createWorld();
  await using shown = await startPreview(world);
  const name = "finance-2026-W12-r1";
  const [xlsx, eml, html, text] = await Promise.all(
    [`${name}.xlsx`, `${name}.eml`, "mail.html", "mail.txt"].map((file) =>
      get(`${shown.url}finance/${file}`),
    ),
  );
  await weekly(world.context({ MAIL_FROM }), { out: world.folder });
  const written = (ending: string) => readFile(join(world.folder, `${name}.${ending}`));
  expect(xlsx?.body.equals(await written("xlsx"))).toBe(true);
  expect(xlsx?.headers["content-disposition"]).toBe(`attachment; filename="${name}.xlsx"`);
  expect(eml?.body.equals(await written("eml"))).toBe(true);
  expect(html?.body.equals(await written("html"))).toBe(true);
  expect(text?.text).toBe((await simpleParser(await written("eml"))).text);
});

test("shows a stored revision as that revision, with its messages", async () => {
  await using world = await createWorld();
  await using server = await startMailServer((recipient) =>
    recipient === "a@acme.example" ? "no <such> user" : null,
  );
  await weekly(world.context({ SMTP_URL: server.url, MAIL_FROM }), { out: world.folder, send: true });
  const before = await stored(world);
  await using shown = await startPreview(world);
  expect(shown.reports).toMatchObject([{ revision: 1, isStored: true }]);
  const { text } = await get(`${shown.url}finance/`);
  expect(text).toContain("<dd>revision 1</dd>");
  expect(text).toMatch(/a@acme\.example<\/td>[^~]*failed<br>[^~]*no &#60;such&#62; user/u);
  expect(text).toMatch(/b@acme\.example<\/td>[^~]*sent<\/td>/u);
  expect(text).not.toContain("not sent yet");
  expect(await stored(world)).toEqual(before);
});

test("shows what changed as the revision that it would be", async () => {
  await using world = await createWorld();
  await weekly(world.context(), { out: world.folder });
  await world.history.pool.query(
    `insert into runledger.runs values ('${ORDERS}', gen_random_uuid(), '2026-03-20 00:00Z', '2026-03-20 00:01Z', 60000, 60000,
                                        null, 1, 1, false, 'late')`,
  );
  const before = await stored(world);
  await using shown = await startPreview(world);
  expect(shown.reports).toMatchObject([{ revision: 2, isStored: false }]);
  expect((await get(`${shown.url}finance/`)).text).toContain("REVISED r2 [SLA] Finance close");
  const { body } = await get(`${shown.url}finance/finance-2026-W12-r2.xlsx`);
  expect(await stored(world)).toEqual(before);
  await weekly(world.context(), { out: world.folder });
  expect(body.equals(await readFile(join(world.folder, "finance-2026-W12-r2.xlsx")))).toBe(true);
});

test("shows an open week as provisional, and what holds it back", async () => {
  await using world = await createWorld();
  await using shown = await startPreview(world, {
    port: 0,
    week: "2026-W12",
    asOf: new Date("2026-03-22T23:30:00Z"),
  });
  expect(shown.reports).toMatchObject([{ revision: 0, heldBack: "week 2026-W12 is not closed yet" }]);
  expect((await get(shown.url)).text).toMatch(/provisional[^~]*held back: week 2026-W12 is not closed yet/u);
});

test("is for this machine's browsers only, and runs no script", async () => {
  await using world = await createWorld();
  await using shown = await startPreview(world);
  const { port } = new URL(shown.url);
  expect((await get(shown.url, { host: `evil.example:${port}` })).status).toBe(403);
  expect((await get(shown.url, { host: "127.0.0.1" })).status).toBe(403);
  expect((await get(shown.url, { host: `localhost:${port}` })).status).toBe(200);
  expect((await get(shown.url, { method: "POST" })).status).toBe(405);
  for (const path of ["", "finance/", "finance/mail.html"]) {
    const { headers } = await get(shown.url + path);
    expect(headers["content-security-policy"]).toMatch(/default-src 'none'/u);
    expect(headers["content-security-policy"]).not.toContain("script-src");
    expect(headers["cache-control"]).toBe("no-store");
  }
  expect((await get(`${shown.url}finance/mail.html`)).headers["content-security-policy"]).toMatch(
    /^sandbox;/u,
  );
});

test("has no other pages", async () => {
  await using world = await createWorld();
  await using shown = await startPreview(world);
  const paths = [
    "nothing",
    "finance",
    "sales/",
    "finance/finance-2026-W12-r2.xlsx",
    "finance/mail.html/more",
  ];
  const answers = await Promise.all(paths.map((path) => get(shown.url + path)));
  expect(answers.map(({ status }) => status)).toEqual(paths.map(() => 404));
});

test("keeps to itself why a page could not be made, but for the log", async () => {
  let logged = "";
  const stream = new Writable({
    write(chunk, _encoding, done) {
      logged += String(chunk);
      done();
    },
  });
  const log = createLog({ level: "error", isColorful: false, stream });
  await using server = await serve(() => Promise.reject(new Error("the table is gone")), { port: 0, log });
  const { status, text } = await get(server.url);
  expect(status).toBe(500);
  expect(text).toBe("This could not be made; the log says why.\n");
  expect(logged).toContain("the table is gone");
});

test("takes a free port while its own is taken, but only the one that was asked for", async () => {
  await using world = await createWorld();
  const other = createServer().listen(4178, "127.0.0.1");
  onTestFinished(() => void other.close());
  // Who has it does not matter.
  await once(other, "listening").catch(() => {});
  await using shown = await startPreview(world, {});
  expect(new URL(shown.url).port).not.toBe("4178");
  await expect(preview(world.context(), { port: 4178 })).rejects.toThrow(
    /cannot serve on port 4178 .*--port 0 takes a free one/u,
  );
});

test("ends when it is interrupted", async () => {
  await using world = await createWorld();
  await using shown = await startPreview(world);
  await get(shown.url);
  expect(await shown.end()).toBe(exitCode.done);
  await expect(get(shown.url)).rejects.toThrow("ECONNREFUSED");
});

test("sends a test mail that says so, to nobody else and past the ledger", async () => {
  await using world = await createWorld();
  await using server = await startMailServer();
  const context = world.context({ SMTP_URL: server.url, MAIL_FROM });
  const to = ["me@acme.example", "you@acme.example", "me@acme.example"];
  expect(await preview(context, { to })).toBe(exitCode.done);
  expect(server.mails.map((mail) => mail.to)).toEqual([["me@acme.example"], ["you@acme.example"]]);
  expect(await stored(world)).toEqual(NOTHING);
  expect(JSON.parse(context.printed())).toMatchObject([
    { agreement: "finance", week: "2026-W12", revision: 1, recipient: "me@acme.example", status: "sent" },
    { recipient: "you@acme.example", status: "sent" },
  ]);

  await preview(context, { to: ["me@acme.example"] });
  await weekly(context, { out: world.folder, send: true });
  const mails = await Promise.all(server.mails.map(({ source }) => simpleParser(source)));
  const [tested, , , real] = mails;
  expect(new Set(mails.map(({ messageId }) => messageId)).size).toBe(5);
  expect(tested?.subject).toBe(`[TEST] ${real?.subject}`);
  const notice = "This is a test, sent to nobody but me@acme.example, you@acme.example.";
  expect(tested?.text).toMatch(new RegExp(`^${notice}\n\n`, "u"));
  expect(tested?.html).toMatch(new RegExp(`<body[^>]*><table[^>]*><tr><td[^>]*>${notice}</td>`, "u"));
  expect(tested?.headers.get("to")).toMatchObject({ text: to.slice(0, 2).join(", ") });
  expect(tested?.headers.has("cc")).toBe(false);
  expect(real?.html).not.toContain("This is a test");
});

test("says which test mail was refused, at once", async () => {
  await using world = await createWorld();
  await using server = await startMailServer((recipient) =>
    recipient === "me@acme.example" ? "no such user" : null,
  );
  const context: Context & { printed: () => string } = {
    ...world.context({ SMTP_URL: server.url, MAIL_FROM }),
    isJson: false,
  };
  expect(await preview(context, { to: ["me@acme.example", "you@acme.example"] })).toBe(exitCode.partial);
  expect(context.printed()).toMatch(
    /^Test of Finance close — 2026-W12\n  Not delivered to me@acme.example: .*no such user.*\n  Sent to you@acme.example\n$/u,
  );
  const unreachable = world.context({ SMTP_URL: "smtp://127.0.0.1:1", MAIL_FROM });
  expect(await preview(unreachable, { to: ["me@acme.example"] })).toBe(exitCode.partial);
  expect(unreachable.printed()).toContain("ECONNREFUSED");
});

test("refuses what makes no sense", async () => {
  await using world = await createWorld();
  const senseless: [options: PreviewOptions, message: string][] = [
    [{ to: ["me@acme.example"] }, "SMTP_URL"],
    [{ week: "2026-W40" }, "has not begun"],
    [{ agreement: ["sales"] }, "no agreement sales"],
  ];
  for (const [options, message] of senseless) {
    const attempt = preview(world.context(), options);
    await expect(attempt).rejects.toThrow(UsageError);
    await expect(attempt).rejects.toThrow(message);
  }
});
