import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { createLog, readEnvironment } from "@runledger/cli";
import type { TestHistory } from "@runledger/history/testing";
import type { Sandbox } from "@runledger/ylem-sandbox";
import type { YlemContext } from "../src/sync/ylem.ts";

/** A folder with a `runledger.yaml` for these pipelines; gone when disposed of. */
export async function configFolder(
  pipelines: Record<string, string>,
  more = "",
): Promise<AsyncDisposable & { path: string }> {
  const folder = await mkdtemp(join(tmpdir(), "runledger-config-"));
  const path = join(folder, "runledger.yaml");
  const entries = Object.entries(pipelines).map(([name, uuid]) => `  - { uuid: ${uuid}, name: ${name} }\n`);
  await writeFile(path, `version: 1\nhistory_start: 2026-03-01\n${more}pipelines:\n${entries.join("")}`);
  return { path, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
}

/** What a command printed. */
export interface Printed {
  out: string;
  err: string;
}

/** Where a command finds what it works with, and when. */
export interface Edge {
  history: Pick<TestHistory, "url">;
  sandbox: Pick<Sandbox, "url" | "clientId" | "clientSecret">;
  config: string;
  now: Date;
}

/** The edge of a command that pulls from `sandbox` into `history` at the instant `now`. */
export function commandContext(
  { history, sandbox, config, now }: Edge,
  more: Partial<YlemContext> = {},
): YlemContext & { printed: Printed } {
  const printed: Printed = { out: "", err: "" };
  const stderr = sink((text) => (printed.err += text));
  return {
    printed,
    version: "0.0.0",
    environment: readEnvironment({
      YLEM_BASE_URL: sandbox.url,
      YLEM_CLIENT_ID: sandbox.clientId,
      YLEM_CLIENT_SECRET: sandbox.clientSecret,
      DATABASE_URL: history.url,
      RUNLEDGER_CONFIG: config,
    }),
    log: createLog({ level: "info", isColorful: false, stream: stderr }),
    signal: new AbortController().signal,
    now: () => now,
    stdout: sink((text) => (printed.out += text)),
    stderr,
    isJson: false,
    isInteractive: false,
    ...more,
  };
}

function sink(take: (text: string) => void): NodeJS.WriteStream {
  const stream = new Writable({
    write(chunk, _encoding, done) {
      take(String(chunk));
      done();
    },
  });
  // Commands write to it; what a terminal has beyond that they ask of `isInteractive`.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return stream as unknown as NodeJS.WriteStream;
}
