import {
  definitionHash as hashOf,
  isSamePromise,
  underDefinition,
  type Agreement,
  type RunledgerConfig,
} from "@runledger/config";
import { definitionFor, type RecordedDefinition } from "@runledger/history";

/** An agreement as it promises for a week. */
export interface AgreementInForce {
  agreement: Agreement;
  /** Of what it promises. */
  definitionHash: string;
  /** The ISO week from which the configuration's definition applies, where another one does to the week. */
  pendingFrom: string | null;
}

/**
 * The agreement under the definition that counts for an ISO week. Of `definitions`, in the order in which they were
 * seen, the configuration's own is the last.
 */
export function agreementInForce(
  agreement: Agreement,
  definitions: readonly RecordedDefinition[],
  week: string,
  { pipelines }: RunledgerConfig,
): AgreementInForce {
  const inForce = definitionFor(definitions, week);
  // As it was recorded: a later version of Runledger may figure hashes otherwise.
  const definitionHash = inForce?.hash ?? hashOf(agreement);
  if (inForce === undefined || isSamePromise(agreement, inForce)) {
    return { agreement, definitionHash, pendingFrom: null };
  }
  return {
    agreement: underDefinition(agreement, inForce.definition, pipelines),
    definitionHash,
    pendingFrom: definitions.at(-1)?.appliesFrom ?? null,
  };
}
