import type { RunledgerConfig } from "@runledger/config";
import type { Source } from "./source.ts";

/** What a contestant's process is told. */
export interface Task {
  databaseUrl: string;
  source: Source;
  outputs: RunledgerConfig["outputs"];
}

export function isKeptOutputs(text: string): text is Task["outputs"] {
  return ["none", "failures", "all"].includes(text);
}
