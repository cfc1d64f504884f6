import type { Language } from "./languages/language.ts";
import type { RevisionCause } from "@runledger/sla";

/** `runs came in late or changed; other days are now proven, in dispute or synced` */
export function causesInWords(causes: readonly RevisionCause[], { causes: words }: Language): string {
  return causes.map((cause) => words[cause]).join("; ");
}
