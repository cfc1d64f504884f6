import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Context } from "@runledger/cli";
import { expect, test } from "vitest";
import { check } from "../src/commands/check.ts";
import { deliveries } from "../src/commands/deliveries.ts";
import { explain } from "../src/commands/explain.ts";
import { preview } from "../src/commands/preview.ts";
import { resend } from "../src/commands/resend.ts";
import { suppress } from "../src/commands/suppress.ts";
import { weekly } from "../src/commands/weekly.ts";
import { createWorld, startMailServer } from "./weekly-fixture.ts";

/** What a terminal would obey: in a run's error, and the part of it that a configuration and an address take. */
const ERROR = "\u001b[2J\u001b]0;owned\u0007\u009b31m\r\nfake line\u202e\u2066";
const NAME = "orders\u202e\u200b\u2066";

// The line breaks are the program's own: those in texts are spelled out, or they would begin a line.
const HIDDEN =
  // oxlint-disable-next-line no-control-regex
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069]|^fake line/mu;

test("prints nothing that a terminal would obey, from no command, as text and as JSON", async () => {
  await using world = await createWorld();
  await using server = await startMailServer(() => ERROR.replaceAll(/[\r\n]/gu, ""));
  const file = join(world.folder, "runledger.yaml");
  const config = (await readFile(file, "utf8"))
    .replaceAll(/name: orders|pipeline: orders/gu, (key) => `${key.split(":")[0]}: "${NAME}"`)
    .replace("title: Finance close", `title: "Finance ${NAME}"`)
    .replace("=DB upgrade", `upgrade ${NAME}`);
  await writeFile(file, config);
  await world.history.pool.query("update runledger.runs set error_message = $1 where not is_successful", [
    ERROR,
  ]);
  await world.history.pool.query("insert into runledger.suppressions (recipient, reason) values ($1, $1)", [
    ERROR,
  ]);

  const env = { SMTP_URL: server.url, MAIL_FROM: "sla@acme.example" };
  const out = world.folder;
  const commands: ((context: Context) => Promise<unknown>)[] = [
    (context) => check(context, {}),
    (context) => check(context, { openslo: true }),
    (context) => weekly(context, { out, send: true }),
    (context) => resend(context, { failed: true, out }),
    (context) => deliveries(context, {}),
    (context) => suppress(context, {}, []),
    (context) => preview(context, { to: ["me@acme.example"] }),
    (context) => explain(context, {}, ["finance", "succeeds"]),
  ];
  let text = "";
  for (const command of commands) {
    for (const isJson of [false, true]) {
      const context: Context & { printed: () => string } = { ...world.context(env), isJson };
      await command(context);
      expect(context.printed()).not.toMatch(HIDDEN);
      text += context.printed();
    }
  }
  expect(text).toContain("orders\\u{202e}\\u{200b}\\u{2066}");
  expect(text).toContain("\\u{1b}[2J\\u{1b}]0;owned\\u{7}\\u{9b}31m\\r\\nfake line\\u{202e}\\u{2066}");
});
