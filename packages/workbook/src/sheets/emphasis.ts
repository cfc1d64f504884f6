import type { DeadlineStatus, Verdict } from "@runledger/sla";
import { verdictColours } from "@runledger/wording";
import type { ConditionalFormat } from "../xlsx/conditional-format.ts";
import type { Highlight } from "../xlsx/style.ts";

/** What is left of a verdict's colours in print without colour. */
const signs = {
  missed: "✖",
  at_risk: "▲",
  insufficient_data: "?",
  met: "✔",
  not_in_force: "–",
} as const satisfies Record<Verdict, string>;

/** Each verdict in its colours and with its sign. */
export const verdictWords: ConditionalFormat = {
  kind: "words",
  looks: {
    missed: look("missed"),
    at_risk: look("at_risk"),
    insufficient_data: look("insufficient_data"),
    met: look("met"),
    not_in_force: look("not_in_force"),
  } satisfies Record<Verdict, Highlight>,
};

export const deadlineWords: ConditionalFormat = {
  kind: "words",
  looks: {
    on_time: look("met"),
    late: look("missed"),
    missed: look("missed"),
    no_run: look("missed"),
    pending: look("insufficient_data"),
    excused: look("not_in_force"),
  } satisfies Record<DeadlineStatus, Highlight>,
};

export const runWords: ConditionalFormat = { kind: "words", looks: { failed: look("missed") } };

export const checkWords: ConditionalFormat = {
  kind: "words",
  looks: { agrees: look("met"), differs: look("missed") },
};

/** The share of the error budget that is left. */
export const budgetBar: ConditionalFormat = { kind: "bar", colour: "#A9B8D3" };

/** Under a quarter of the budget left is at risk, more than all of it spent is missed. */
export const burnSymbols: ConditionalFormat = { kind: "symbols", warnAbove: 0.75, failAbove: 1 };

function look(verdict: Verdict): Highlight {
  const { ink, paper } = verdictColours[verdict];
  return { ink, paper, isBold: true, format: `"${signs[verdict]} "@` };
}
