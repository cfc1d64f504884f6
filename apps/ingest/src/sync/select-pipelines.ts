import { UsageError } from "@runledger/cli";
import type { PipelineConfig, RunledgerConfig } from "@runledger/config";

/**
 * The pipelines that were named, by name or UUID, in the order of the configuration; all when none were.
 *
 * @throws UsageError for a name the configuration does not have.
 */
export function selectPipelines({ pipelines }: RunledgerConfig, wanted: readonly string[]): PipelineConfig[] {
  const isNamed = (pipeline: PipelineConfig, name: string): boolean =>
    pipeline.name === name || pipeline.uuid === name.toLowerCase();
  const unknown = wanted.filter((name) => !pipelines.some((pipeline) => isNamed(pipeline, name)));
  if (unknown.length > 0) {
    const known = pipelines.map((pipeline) => pipeline.name).join(", ");
    throw new UsageError(`no pipeline ${unknown.join(", ")} in the configuration; it has ${known}`);
  }
  return wanted.length === 0
    ? pipelines
    : pipelines.filter((pipeline) => wanted.some((name) => isNamed(pipeline, name)));
}
