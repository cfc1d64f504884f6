// The whole sync, as the command does it, twice: the second time there is nothing new.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { createLog, readEnvironment, type Context } from "@runledger/cli";
import { sync } from "../src/commands/sync.ts";
import { PIPELINE_UUID } from "./made-up-runs.ts";
import type { Task } from "./task.ts";

export interface SyncTimes {
  firstMs: number;
  secondMs: number;
  /** Largest resident memory of the process. */
  peakBytes: number;
}

const { databaseUrl, source, outputs }: Task = JSON.parse(process.argv[2] ?? "");
const folder = await mkdtemp(join(tmpdir(), "runledger-bench-config-"));
const configPath = join(folder, "runledger.yaml");
await writeFile(
  configPath,
  `version: 1
history_start: ${source.from.slice(0, 10)}
outputs: ${outputs}
pipelines:
  - { uuid: ${PIPELINE_UUID}, name: bench }
`,
);
try {
  const firstMs = await timed();
  const secondMs = await timed();
  const times: SyncTimes = { firstMs, secondMs, peakBytes: process.resourceUsage().maxRSS * 1024 };
  process.send?.(times);
} finally {
  await rm(folder, { recursive: true });
  process.disconnect();
}

async function timed(): Promise<number> {
  const startedAt = performance.now();
  const code = await sync(context(), {});
  if (code !== 0) {
    throw new Error(`the sync ended with code ${code}`);
  }
  return performance.now() - startedAt;
}

function context(): Context {
  return {
    version: "0.0.0",
    environment: readEnvironment({
      YLEM_BASE_URL: source.url,
      YLEM_CLIENT_ID: source.clientId,
      YLEM_CLIENT_SECRET: source.clientSecret,
      DATABASE_URL: databaseUrl,
      RUNLEDGER_CONFIG: configPath,
    }),
    log: createLog({ level: "warn", isColorful: false, stream: process.stderr }),
    signal: new AbortController().signal,
    now: () => new Date(source.end),
    stdout: nowhere(),
    stderr: process.stderr,
    isJson: false,
    isInteractive: false,
  };
}

function nowhere(): NodeJS.WriteStream {
  const stream = new Writable({ write: (_chunk, _encoding, done) => done() });
  // Commands only write to it.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return stream as unknown as NodeJS.WriteStream;
}
