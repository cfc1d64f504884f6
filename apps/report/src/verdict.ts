import type { ObjectiveResult, Verdict } from "./report-model.ts";

/** How a verdict looks; in the order of concern. Ink on paper has a contrast of at least 5 to 1. */
export const verdicts = {
  missed: { ink: "#9B1C1C", paper: "#FDE4E4" },
  at_risk: { ink: "#7A4100", paper: "#FDEFD2" },
  insufficient_data: { ink: "#3B4A66", paper: "#E4E9F2" },
  met: { ink: "#17613A", paper: "#DFF3E6" },
  not_in_force: { ink: "#4B5563", paper: "#EEF0F2" },
} as const satisfies Record<Verdict, { ink: string; paper: string }>;

/** Most concerning verdict first, then the fastest burn of the error budget; equals keep their order. */
export function worstFirst(objectives: readonly ObjectiveResult[]): ObjectiveResult[] {
  return objectives.toSorted(
    (a, b) => concern.indexOf(a.verdict) - concern.indexOf(b.verdict) || burn(b) - burn(a),
  );
}

const concern = Object.keys(verdicts);

/** At a target of 100 % there is no rate: any bad event spends more than everything. */
function burn({ burnRate, share }: ObjectiveResult): number {
  if (burnRate !== null) return burnRate;
  return share.good < share.total ? Number.MAX_VALUE : 0;
}
