import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFile, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { createTestHistory } from "@runledger/history/testing";
import { SourceHistory, startSandbox, type TaskRunRow } from "@runledger/ylem-sandbox";
import { SMTPServer } from "smtp-server";
import { afterAll, beforeAll, expect, test } from "vitest";
import { commandsIn, variablesIn, type ShownCommand } from "../src/commands-in.ts";

const ROOT = dirname(dirname(dirname(import.meta.dirname)));
const HOUR_MS = 3_600_000;

/** Commands of the pages that no test can run, and why. */
const NOT_RUN: readonly (readonly [pattern: RegExp, why: string])[] = [
  [/^npm test$/u, "it is this"],
  [/^npm run demo/u, "it takes a minute and a Postgres of its own"],
  [/^pnpm bench/u, "it takes minutes"],
  [/^pnpm install/u, "it would change what is installed here"],
  [/^cd packages\//u, "it is a test"],
];

/** Commands that are to end otherwise, as the page says. */
const EXIT_CODES: readonly (readonly [pattern: RegExp, code: number])[] = [
  [/--token "\$TOKEN"/u, 2],
  // It serves until Ctrl-C.
  [/report preview(?!.*--to)/u, 130],
];

const yesterday = new Date(Date.now() - 24 * HOUR_MS).toISOString().slice(0, 10);

/** What stands for a name in the pages, and is of the example's configuration. */
const PLACEHOLDERS: readonly (readonly [placeholder: RegExp, value: string])[] = [
  [/[[\]]/gu, ""],
  [/AGREEMENT OBJECTIVE/u, "finance-daily-close succeeds"],
  [/\bID\b/gu, "finance-daily-close"],
  [/\bNAME\b/gu, "orders-to-warehouse"],
  [/\bDATE\b/gu, yesterday],
  [/\bADDRESS\b/gu, "me@acme.example"],
];

interface World extends AsyncDisposable {
  folder: string;
  /** The README's environment file, with what is here. */
  environmentFile: string;
}

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

test("runs every command that README and docs show", { timeout: 240_000 }, async () => {
  const commands = new Map<string, ShownCommand>();
  for (const command of (await pages()).flatMap(commandsIn)) {
    if (!NOT_RUN.some(([pattern]) => pattern.test(command.line))) {
      // In a table it is written without what starts it.
      const name = command.line.replace(/^pnpm /u, "");
      commands.set(name, commands.get(name) ?? command);
    }
  }
  expect(commands.size).toBeGreaterThan(20);
  for (const { line, place } of commands.values()) {
    const command = PLACEHOLDERS.reduce(
      (filled, [placeholder, value]) => filled.replace(placeholder, value),
      line,
    );
    const expected = EXIT_CODES.find(([pattern]) => pattern.test(line))?.[1] ?? 0;
    const { code, stdout, stderr } = await (place === "cron" ? asCron(command) : asShell(command));
    const printed = code === expected ? "" : `${stdout}${stderr}`;
    expect({ line, code, printed }).toEqual({ line, code: expected, printed: "" });
  }
});

test.each([
  ["npm", ["run", "ingest", "--"], "npm run ingest --"],
  ["pnpm", ["ingest"], "pnpm ingest"],
])("prints one JSON document through %s, and help as it was called", async (program, start, called) => {
  const env = await environment();
  const good = await run(program, [...start, "status", "--json"], env);
  expect(JSON.parse(good.stdout)).toMatchObject([{ pipeline: "orders-to-warehouse" }]);
  const bad = await run(program, [...start, "status", "--json", "--config", "/nowhere.yaml"], env);
  expect(JSON.parse(bad.stdout)).toMatchObject({ error: { name: "ConfigError", exitCode: 2 } });
  expect(bad.code).toBe(2);
  const help = await run(program, [...start, "sync", "--help"], env);
  expect(help.stdout).toContain(`Usage: ${called} sync [options]\n`);
  expect(help.stdout).toContain(`\n  ${called} sync --dry-run `);
});

async function pages(): Promise<string[]> {
  const docs = (await readdir(join(ROOT, "docs"))).filter((name) => name.endsWith(".md"));
  // What docs/json.md shows is compared with what is printed by tests of its own.
  const names = docs.filter((name) => name !== "json.md").map((name) => join("docs", name));
  return Promise.all(
    ["README.md", "CONTRIBUTING.md", ...names].map((name) => readFile(join(ROOT, name), "utf8")),
  );
}

/** In a shell that has read the environment file, in a folder of its own. */
async function asShell(line: string) {
  const main = (app: string): string => `exec "${process.execPath}" ${ROOT}/apps/${app}/src/main.ts`;
  const command = line
    .replaceAll("/etc/runledger.env", world.environmentFile)
    .replaceAll("/var/lib/runledger", world.folder)
    .replace(/^(?:pnpm |npm run )?(ingest|report)(?: --)?(?= )/u, (_, app: string) => main(app))
    .replace(/^\S*node (?:--\S+ )?apps\/(\w+)\/src\/main\.ts/u, (_, app: string) => main(app));
  const script = `set -a; . ${world.environmentFile}; set +a\n${command}`;
  return run("bash", ["-c", script], { PATH: process.env["PATH"] });
}

/** As cron does: with hardly any environment. */
async function asCron(line: string) {
  const out = line.includes("weekly") ? ` --out ${join(world.folder, "reports")}` : "";
  const command = line
    .replaceAll("/etc/runledger.env", world.environmentFile)
    .replaceAll("/opt/runledger", ROOT);
  return run("sh", ["-c", `${command}${out}`], { PATH: process.env["PATH"], HOME: world.folder });
}

/** What the environment file sets, for a program that no shell starts. */
async function environment(): Promise<NodeJS.ProcessEnv> {
  const lines = (await readFile(world.environmentFile, "utf8")).trim().split("\n");
  const variables = lines.map((line) => {
    const [, name = "", value = ""] = /^(\w+)='(.*)'$/u.exec(line) ?? [];
    return [name, value] as const;
  });
  return { PATH: process.env["PATH"], HOME: world.folder, ...Object.fromEntries(variables) };
}

/** Runs it to its end; what serves is interrupted as soon as it does. */
async function run(program: string, args: readonly string[], env: NodeJS.ProcessEnv) {
  const cwd = program === "bash" ? world.folder : ROOT;
  const quick = { ...env, NODE_COMPILE_CACHE: join(ROOT, "node_modules", ".cache", "node") };
  const child = spawn(program, args, { cwd, env: quick, stdio: ["ignore", "pipe", "pipe"] });
  child.stdout.on("data", (chunk: Buffer) => {
    if (chunk.includes("Ctrl-C ends it.")) child.kill("SIGINT");
  });
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close"),
  ]);
  return { code, stdout, stderr };
}

/** The example's configuration, a source with three weeks of its pipeline's runs, a database and a mail server. */
async function createWorld(): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), "runledger-commands-"));
  await copyFile(join(ROOT, "runledger.example.yaml"), join(folder, "runledger.yaml"));
  await copyFile(join(ROOT, "runledger.example.yaml"), join(folder, "runledger.example.yaml"));
  const source = new SourceHistory();
  source.add(hourlyRuns());
  const sandbox = await startSandbox({ history: source });
  const history = await createTestHistory();
  const mail = new SMTPServer({ authOptional: true, disabledCommands: ["STARTTLS"], onData: swallow });
  await new Promise<void>((listening) => mail.listen(0, "127.0.0.1", listening));
  const address = mail.server.address();
  const values: Record<string, string> = {
    YLEM_BASE_URL: sandbox.url,
    YLEM_CLIENT_ID: sandbox.clientId,
    YLEM_CLIENT_SECRET: sandbox.clientSecret,
    DATABASE_URL: history.url,
    SMTP_URL: `smtp://127.0.0.1:${typeof address === "object" ? address?.port : 0}`,
    MAIL_FROM: "Runledger <sla@acme.example>",
    RUNLEDGER_CONFIG: join(folder, "runledger.yaml"),
  };
  // Only what the README names: a variable that it forgets is not there.
  const named = variablesIn(await readFile(join(ROOT, "README.md"), "utf8"));
  const environmentFile = join(folder, "runledger.env");
  const lines = named.map((name) => `${name}='${values[name] ?? ""}'\n`);
  await writeFile(environmentFile, lines.join(""), { mode: 0o600 });
  return {
    folder,
    environmentFile,
    async [Symbol.asyncDispose]() {
      await new Promise<void>((closed) => mail.close(closed));
      await sandbox.close();
      await history[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
}

function swallow(stream: NodeJS.ReadableStream, _session: unknown, done: () => void): void {
  stream.on("end", done).resume();
}

function hourlyRuns(): TaskRunRow[] {
  const now = Date.now();
  return Array.from({ length: 21 * 24 }, (_, hours) => {
    const micros = BigInt(now - (hours + 1) * HOUR_MS) * 1000n;
    return {
      pipelineUuid: "7b1c0f7e-0000-4000-8000-000000000001",
      runUuid: `95295cbc-cee7-49cc-a11a-${String(hours).padStart(12, "0")}`,
      taskUuid: "1f0d3b52-0000-4000-8000-000000000002",
      taskType: "query",
      isSuccessful: true,
      durationMs: 60_000,
      output: "",
      metricValue: 0,
      executedAtMicros: micros,
      visibleAtMicros: micros,
    };
  });
}
