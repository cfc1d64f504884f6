import type { Verdict } from "@runledger/sla";

/** How a verdict looks. Ink on paper has a contrast of at least 5 to 1. */
export const verdictColours = {
  missed: { ink: "#9B1C1C", paper: "#FDE4E4" },
  at_risk: { ink: "#7A4100", paper: "#FDEFD2" },
  insufficient_data: { ink: "#3B4A66", paper: "#E4E9F2" },
  met: { ink: "#17613A", paper: "#DFF3E6" },
  not_in_force: { ink: "#4B5563", paper: "#EEF0F2" },
} as const satisfies Record<Verdict, { ink: string; paper: string }>;
