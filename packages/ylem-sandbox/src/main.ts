#!/usr/bin/env node
import { Command, InvalidArgumentError, Option } from "commander";
import { DateTime } from "luxon";
import { demoHistory } from "./demo/demo-history.ts";
import { DEMO_OUTPUT_KEY } from "./demo/seal.ts";
import { DIALECTS, type Dialect } from "./server/dialect.ts";
import { randomOf } from "./source/random.ts";
import { startSandbox, type Sandbox } from "./server/sandbox.ts";
import { uuidFrom } from "./source/uuid.ts";

interface Flags {
  port: number;
  seed: number;
  dialect: Dialect;
  weeks: number;
  from?: DateTime;
  faultRate: number;
}

/** How far the history is made ahead; its rows appear as the clock reaches them. */
const DAYS_AHEAD = 14;

const program = new Command("runledger-sandbox")
  .description("Serves a made-up history in the manner of the Ylem API, until Ctrl-C.")
  .option("--port <number>", "port on 127.0.0.1, 0 for a free one", wholeNumber, 4010)
  .option("--seed <number>", "same seed, same history", wholeNumber, 1)
  .addOption(
    new Option("--dialect <name>", "words to answer in").choices(Object.keys(DIALECTS)).default("server"),
  )
  .option("--weeks <number>", "closed weeks of history", wholeNumber, 13)
  .option("--from <date>", "first day (UTC); default: the Monday that many weeks ago", day)
  .option("--fault-rate <share>", "share of requests that meet a fault, 0 to 1", share, 0)
  .action(serve);

await program.parseAsync();

async function serve(flags: Flags): Promise<void> {
  const now = DateTime.utc();
  const from = flags.from ?? now.startOf("week").minus({ weeks: flags.weeks });
  const { history } = demoHistory({
    seed: flags.seed,
    from: from.toJSDate(),
    until: now.plus({ days: DAYS_AHEAD }).toJSDate(),
    storyWeeks: flags.weeks,
  });
  const credentials = randomOf("client", flags.seed);
  const sandbox = await startSandbox({
    history,
    port: flags.port,
    dialect: flags.dialect,
    clientId: uuidFrom(credentials),
    clientSecret: uuidFrom(credentials),
    faults: { rate: flags.faultRate, seed: flags.seed },
  }).catch((error: unknown) => program.error(`Cannot listen: ${String(error)}. Choose another --port.`));
  process.stdout.write(introduction(sandbox, from));
  closeOnSignal(sandbox);
}

function introduction(sandbox: Sandbox, from: DateTime): string {
  return [
    `# History from ${from.toFormat("yyyy-MM-dd")} until now, growing. Stop with Ctrl-C.`,
    `YLEM_BASE_URL=${sandbox.url}`,
    `YLEM_CLIENT_ID=${sandbox.clientId}`,
    `YLEM_CLIENT_SECRET=${sandbox.clientSecret}`,
    `YLEM_OUTPUT_KEY=${DEMO_OUTPUT_KEY}`,
    "",
  ].join("\n");
}

function closeOnSignal(sandbox: Sandbox): void {
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => void sandbox.close());
  }
}

function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) {
    throw new InvalidArgumentError("It is to be a whole number.");
  }
  return Number(text);
}

function share(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !(value >= 0 && value <= 1)) {
    throw new InvalidArgumentError("It is to be a number from 0 to 1.");
  }
  return value;
}

function day(text: string): DateTime {
  const value = DateTime.fromFormat(text, "yyyy-MM-dd", { zone: "utc" });
  if (!value.isValid) {
    throw new InvalidArgumentError("It is to be a day, YYYY-MM-DD.");
  }
  return value;
}
