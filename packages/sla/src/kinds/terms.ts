import type { Objective } from "@runledger/config";
import { dateOf } from "../calendar/micros.ts";
import { dateAt } from "../calendar/calendar-date.ts";
import type { Terms } from "../report/weekly-report.ts";
import type { Evaluation } from "./evaluation.ts";
import { itemsIn } from "../calendar/binary-search.ts";
import { inMicros } from "../calendar/interval.ts";
import type { Scope } from "../scope/scope.ts";

/** What counting an objective's week again takes, beside the rows of evidence. */
export function termsOf(objective: Objective, { events }: Evaluation, { week }: Scope): Terms {
  switch (objective.kind) {
    case "duration":
      return { kind: objective.kind, atMostMs: objective.atMostMs, failed: objective.failed };
    case "volume": {
      const counted = itemsIn(events, ({ at }) => at, inMicros(week)).filter(({ isExcluded }) => !isExcluded);
      const days = counted.map(({ at }) => dateAt(dateOf(at), week.timezone));
      return { kind: objective.kind, atLeast: objective.atLeast, days };
    }
    default:
      return { kind: objective.kind };
  }
}
