import { UsageError } from "@runledger/cli";
import type { Agreement, RunledgerConfig } from "@runledger/config";

/**
 * The agreements that were named, in the order of the configuration; all when none were.
 *
 * @throws UsageError for an id the configuration does not have, or when it has none at all.
 */
export function selectAgreements({ agreements }: RunledgerConfig, wanted: readonly string[]): Agreement[] {
  const unknown = wanted.filter((id) => !agreements.some((agreement) => agreement.id === id));
  const known = agreements.map(({ id }) => id).join(", ");
  if (unknown.length > 0) {
    throw new UsageError(
      `no agreement ${unknown.join(", ")} in the configuration; it has ${known || "none"}`,
    );
  }
  if (agreements.length === 0) {
    throw new UsageError("the configuration has no agreements, so there is nothing to report on");
  }
  return wanted.length === 0 ? agreements : agreements.filter(({ id }) => wanted.includes(id));
}
