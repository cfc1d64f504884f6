// Runledger end to end on this machine: a stand-in for Ylem with thirteen weeks of history, a real Postgres, a sync,
// the weekly reports of two agreements, and their mails over SMTP. Everything it makes lies in .runledger/demo.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { parseArgs, styleText } from "node:util";
import {
  deleteEmbeddedPostgres,
  psqlCommand,
  startEmbeddedPostgres,
  stopEmbeddedPostgres,
} from "@runledger/history";
import { DEMO_OUTPUT_KEY, demoHistory, startSandbox } from "@runledger/ylem-sandbox";
import { demoConfig } from "./demo-config.ts";
import { startMailCatcher } from "./mail-catcher.ts";

const WEEKS = 13;
const DAY_MS = 86_400_000;

const root = dirname(import.meta.dirname);
const folder = join(root, ".runledger", "demo");
const paths = {
  postgres: join(folder, "postgres"),
  config: join(folder, "runledger.yaml"),
  start: join(folder, "history-start"),
  reports: join(folder, "reports"),
  mail: join(folder, "mail"),
};

const { values: flags } = parseArgs({
  options: { stop: { type: "boolean" }, reset: { type: "boolean" }, help: { type: "boolean" } },
});

if (flags.help) {
  say("npm run demo             run it; a second run pulls only what is new");
  say("npm run demo -- --stop   stop its Postgres");
  say("npm run demo -- --reset  stop it and delete all that it made");
} else if (flags.stop || flags.reset) {
  if (flags.reset) {
    await deleteEmbeddedPostgres(paths.postgres);
    await rm(folder, { recursive: true, force: true });
  } else {
    await stopEmbeddedPostgres(paths.postgres);
  }
} else {
  try {
    await demo();
  } catch (error) {
    process.stderr.write(`\nThe demo stopped: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}

async function demo(): Promise<void> {
  const isFirst = !existsSync(paths.start);
  const from = await historyStart();
  heading(`1. A stand-in for Ylem with ${WEEKS} weeks of history, and Postgres`);
  const { history, pipelines } = demoHistory({ seed: 1, from, until: new Date(), storyWeeks: WEEKS });
  await using sandbox = await startSandbox({ history });
  await writeFile(paths.config, demoConfig(pipelines, new Date(from.getTime() - DAY_MS)));
  const databaseUrl = await startEmbeddedPostgres(paths.postgres);
  for (const { name, story } of pipelines) {
    say(`   ${name.padEnd(22)} ${styleText("dim", story)}`);
  }

  await using catcher = await startMailCatcher(paths.mail);
  const env = {
    YLEM_BASE_URL: sandbox.url,
    YLEM_CLIENT_ID: sandbox.clientId,
    YLEM_CLIENT_SECRET: sandbox.clientSecret,
    YLEM_OUTPUT_KEY: DEMO_OUTPUT_KEY,
    DATABASE_URL: databaseUrl,
    SMTP_URL: catcher.url,
    MAIL_FROM: "Runledger demo <sla@runledger.example>",
    RUNLEDGER_CONFIG: paths.config,
    LOG_LEVEL: "warn",
  };
  heading(`2. ingest sync: ${isFirst ? "the whole history" : "what is new since the last time"}`);
  await run("ingest", ["sync"], env);
  heading("3. report weekly --send: the last closed week, one mail per recipient");
  await run("report", ["weekly", "--send", "--out", relative(root, paths.reports)], env);

  heading("What is there now");
  say(`   Workbooks and mails   ${relative(root, paths.reports)}`);
  say(`   Mails as delivered    ${relative(root, paths.mail)} (${catcher.received()} new)`);
  say(`   Configuration         ${relative(root, paths.config)}`);
  say(`   History in Postgres   ${psqlCommand(paths.postgres, databaseUrl)}`);
  say(`                         select name, day, runs, failures from runledger.daily_runs`);
  say(`                         join runledger.pipelines using (pipeline_uuid) order by day desc limit 20;`);
  say("");
  say("   Run it again: it pulls only what is new and sends nothing twice.");
  say("   Its Postgres keeps running; npm run demo -- --stop stops it, --reset deletes everything.");
  say("");
  say("   With your own Ylem: cp runledger.example.yaml runledger.yaml, put your pipelines in it, then");
  say("   YLEM_CLIENT_ID=… YLEM_CLIENT_SECRET=… npm run ingest -- sync && npm run report -- weekly");
}

/** The Monday before the thirteen closed weeks, chosen once: a demo that is run again next week goes on. */
async function historyStart(): Promise<Date> {
  await mkdir(folder, { recursive: true });
  if (existsSync(paths.start)) {
    return new Date(await readFile(paths.start, "utf8"));
  }
  const midnight = new Date().setUTCHours(0, 0, 0, 0);
  const daysSinceMonday = (new Date().getUTCDay() + 6) % 7;
  const start = new Date(midnight - (daysSinceMonday + WEEKS * 7) * DAY_MS);
  await writeFile(paths.start, start.toISOString());
  return start;
}

/** Runs an app as a user would, on this terminal. */
async function run(app: string, args: string[], env: Record<string, string>): Promise<void> {
  const main = join(root, "apps", app, "src", "main.ts");
  const child = spawn(process.execPath, [main, ...args], {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, ...env },
  });
  const code = await new Promise<number>((settled, failed) => {
    child.once("error", failed);
    child.once("close", (status) => settled(status ?? 1));
  });
  if (code !== 0) {
    throw new Error(`${app} ${args.join(" ")} ended with exit code ${code}`);
  }
}

function heading(text: string): void {
  say(`\n${styleText("bold", text)}`);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
