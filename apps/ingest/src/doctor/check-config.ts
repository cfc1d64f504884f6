import { ConfigError, configWarnings, loadConfig, type RunledgerConfig } from "@runledger/config";
import { ok, problem, warning, type Finding } from "./finding.ts";

const CHECK = "configuration";

/** Whether the configuration can be read; null with the reason when it cannot. */
export async function checkConfig(
  path: string,
  today: string,
): Promise<{ config: RunledgerConfig | null; findings: Finding[] }> {
  try {
    const config = await loadConfig(path);
    const { pipelines, agreements } = config;
    const text = `${path}: ${pipelines.length} pipelines, ${agreements.length} agreements`;
    const asked = configWarnings(config, today).map((message) =>
      warning(CHECK, message, "Correct it, or leave it if it is meant."),
    );
    return { config, findings: [ok(CHECK, text), ...asked] };
  } catch (error) {
    if (!(error instanceof ConfigError)) {
      throw error;
    }
    const mend = "Correct the file, or name another with --config or RUNLEDGER_CONFIG.";
    return { config: null, findings: [problem(CHECK, error.message, { mend, lies: "in the set-up" })] };
  }
}
