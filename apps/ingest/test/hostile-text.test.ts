import { readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { once } from "node:events";
import { expect, test } from "vitest";
import { doctor } from "../src/commands/doctor.ts";
import { status } from "../src/commands/status.ts";
import { sync } from "../src/commands/sync.ts";
import { trigger } from "../src/commands/trigger.ts";
import { verify } from "../src/commands/verify.ts";
import type { YlemContext } from "../src/sync/ylem.ts";
import { at, DAY_S, ORDERS, rowsOf, setUp } from "./sync-world.ts";

const NOW = at(DAY_S);
const NAME = "orders\u202e\u200b\u2066";
const ERROR = "\u001b[2J\u009b31m\nfake line\u202e";

// The line breaks are the program's own: those in texts are spelled out, or they would begin a line.
const HIDDEN =
  // oxlint-disable-next-line no-control-regex
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069]|^fake line/mu;

/** An API that gives a token and answers everything else with a text that a terminal would obey. */
async function startHostileApi(): Promise<AsyncDisposable & { url: string }> {
  const server = createServer((request, response) => {
    const isToken = request.url?.includes("/oauth/token") ?? false;
    response.writeHead(isToken ? 200 : 422, { "content-type": "application/json" });
    response.end(
      JSON.stringify(
        isToken
          ? { access_token: "t", token_type: "Bearer", expires_in: 3600, scope: `stats:read ${ERROR}` }
          : { message: ERROR, error: ERROR, detail: ERROR },
      ),
    );
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

test("prints nothing that a terminal would obey, from no command, as text, log and JSON", async () => {
  const task = { isSuccessful: false, durationMs: 1000, micros: 0, copies: 1 };
  await using world = await setUp(rowsOf(ORDERS, [{ startSecond: 60, tasks: [task] }]), { now: NOW });
  await writeFile(
    world.config,
    (await readFile(world.config, "utf8")).replace("name: orders", `name: "${NAME}"`),
  );
  await using hostile = await startHostileApi();
  const commands: ((context: YlemContext) => Promise<unknown>)[] = [
    (context) => sync(context, { dryRun: true }),
    (context) => sync(context, {}),
    (context) => verify(context, {}),
    (context) => status(context),
    (context) => doctor(context),
    (context) => trigger(context, {}, [NAME]),
  ];
  let printed = "";
  for (const isHostile of [false, true]) {
    for (const isJson of [false, true]) {
      for (const command of commands) {
        const context = world.context(NOW, { isJson, ylemOptions: { sleep: async () => {} } });
        if (isHostile) context.environment.ylem.baseUrl = hostile.url;
        // What it rejects with is printed by the program, whose tests have the same texts.
        await command(context).catch(() => {});
        const { out, err } = context.printed;
        expect(`${out}${err}`).not.toMatch(HIDDEN);
        printed += `${out}${err}`;
      }
    }
  }
  expect(printed).toContain("orders\\u{202e}\\u{200b}\\u{2066}");
  expect(printed).toContain("orders\\u202e\\u200b\\u2066");
  expect(printed).toContain("\\u{1b}[2J\\u{9b}31m");
});
