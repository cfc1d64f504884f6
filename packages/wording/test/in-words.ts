import type { ObjectiveResult } from "@runledger/sla";
import { english } from "../src/languages/en-GB.ts";

/** A result with its facts in English words. */
export function inWords({ definition, reason, ...figures }: ObjectiveResult) {
  return {
    ...figures,
    definition: english.definition(definition),
    reason: english.reason(reason, definition),
  };
}
