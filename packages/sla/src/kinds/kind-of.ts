import type { ObjectiveKind } from "@runledger/config";
import { deadline } from "./deadline.ts";
import { duration } from "./duration.ts";
import { freshness } from "./freshness.ts";
import type { Kind, Unit } from "./kind.ts";
import { success } from "./success.ts";
import { volume } from "./volume.ts";

const kinds: { [K in ObjectiveKind]: Kind<K> } = { success, duration, deadline, freshness, volume };

export function kindOf<K extends ObjectiveKind>({ kind }: { kind: K }): Kind<K> {
  return kinds[kind];
}

/** What an objective of the kind counts. */
export function unitOf(kind: ObjectiveKind): Unit {
  return kinds[kind].unit;
}
