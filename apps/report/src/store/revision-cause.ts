import { REVISION_CAUSES, type EarlierInputs, type ReportInputs, type RevisionCause } from "@runledger/sla";
import {
  areExclusionsReworded,
  areNamesChanged,
  haveOtherExclusions,
  type PrintedWords,
} from "./printed-words.ts";

/** What a revision says, and what it rests on. */
export interface Basis {
  /** Of what it prints, in the form in which that of the one before was stored. */
  contentHash: string;
  definitionHash: string;
  /** What came to be kept later is missing in older ones. */
  inputs: Partial<ReportInputs> | null;
  printed: PrintedWords | null;
}

/** Whether a report prints what the one before it did: names alone are printed as they were. */
export function isSameReport(before: Basis, now: Basis): boolean {
  return before.contentHash === now.contentHash && !isTrueOfWords(areExclusionsReworded, before, now);
}

/**
 * Why a report prints something else than the one before it: all that differs of what they rest on. Where nothing does,
 * it is Runledger that figures otherwise; where the one before did not keep enough to tell, no cause is made up.
 */
export function causesBetween(before: Basis, now: Basis): RevisionCause[] {
  const [was, is] = [before.inputs ?? {}, now.inputs ?? {}];
  const isOther = before.contentHash !== now.contentHash;
  const differEarlier = (input: keyof EarlierInputs) =>
    Object.entries(was.earlier ?? {}).some(([part, hashes]) =>
      differ(hashes[input], is.earlier?.[part]?.[input]),
    );
  const found = {
    definition: before.definitionHash !== now.definitionHash,
    exclusions:
      was.excluded === undefined
        ? isTrueOfWords(haveOtherExclusions, before, now)
        : differ(was.excluded, is.excluded) || differEarlier("excluded"),
    late_rows:
      differByPipeline(was.runs, is.runs) ||
      differByPipeline(was.history, is.history) ||
      differEarlier("runs"),
    coverage:
      differByPipeline(was.known, is.known) || differByPipeline(was.seen, is.seen) || differEarlier("known"),
    time_zones: differ(was.zone, is.zone) || differEarlier("zone"),
  };
  // Where `seen` was not kept, what is compared does not tell of it.
  const keptAll = Object.keys(is).every((input) => input in was || input === "seen");
  const isCause: Record<RevisionCause, boolean> = {
    ...found,
    wording: [areExclusionsReworded, areNamesChanged].some((test) => isTrueOfWords(test, before, now)),
    software: keptAll && !Object.values(found).includes(true),
  };
  return REVISION_CAUSES.filter((cause) => isCause[cause] && (isOther || cause === "wording"));
}

function isTrueOfWords(
  test: (before: PrintedWords, now: PrintedWords) => boolean,
  { printed: before }: Basis,
  { printed: now }: Basis,
): boolean {
  return before !== null && now !== null && test(before, now);
}

function differ(before: string | undefined, now: string | undefined): boolean {
  return before !== undefined && now !== undefined && before !== now;
}

type ByPipeline = Readonly<Record<string, string>>;

/** Pipelines that only one of the two has come and go with the definition. */
function differByPipeline(before: ByPipeline = {}, now: ByPipeline = {}): boolean {
  return Object.entries(before).some(([uuid, hash]) => differ(hash, now[uuid]));
}
