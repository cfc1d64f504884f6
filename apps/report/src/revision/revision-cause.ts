import type { Language } from "../languages/language.ts";
import type { ReportInputs, RevisionCause, WeeklyReport } from "../report-model.ts";

/** What a report rests on. */
export type Basis = Pick<WeeklyReport, "definitionHash" | "softwareVersion" | "inputs">;

/** Why a report has other figures than the one before it; there is always a cause. */
export function causesBetween(before: Basis, now: Basis): RevisionCause[] {
  const differs = (kind: "runs" | "weeks" | "coverage") => differ(before.inputs[kind], now.inputs[kind]);
  const causes = [
    before.definitionHash === now.definitionHash ? null : "definition",
    before.inputs.exclusions === now.inputs.exclusions ? null : "exclusions",
    differs("runs") || differs("weeks") ? "late_rows" : null,
    differs("coverage") ? "coverage" : null,
  ] as const;
  const found = causes.filter((cause) => cause !== null);
  if (found.length > 0) return found;
  // What is left are runs beyond the week, of a deadline whose grace reaches there, or Runledger itself.
  return [before.softwareVersion === now.softwareVersion ? "late_rows" : "software"];
}

/** Pipelines that only one of the two has come and go with the definition. */
function differ(before: ReportInputs["runs"], now: ReportInputs["runs"]): boolean {
  return Object.entries(before).some(([uuid, hash]) => (now[uuid] ?? hash) !== hash);
}

/** `runs came in late or changed; other days are now proven, in dispute or synced` */
export function causesInWords(causes: readonly RevisionCause[], { causes: words }: Language): string {
  return causes.map((cause) => words[cause]).join("; ");
}
