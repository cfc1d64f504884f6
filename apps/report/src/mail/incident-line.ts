import { durationText, momentText } from "../format.ts";
import type { Language } from "../languages/language.ts";
import type { Incident, WeeklyReport } from "../report-model.ts";
import { asName, asSentence } from "./one-line.ts";

/** An incident, ready to print. */
export interface IncidentLine {
  objective: string;
  pipeline: string;
  /** `Wed 18 Mar 2026, 06:10 · 23 h 21 min` */
  when: string;
  /** `3 bad events, first failing task: Load orders` */
  what: string;
  error: string | null;
}

export function incidentLine(
  incident: Incident,
  { agreement: { timezone }, asOf }: WeeklyReport,
  { notation, mail }: Language,
): IncidentLine {
  const { openedAt, closedAt, badEvents, firstFailedTask, errorMessage } = incident;
  const length = durationText((closedAt ?? asOf).getTime() - openedAt.getTime(), notation);
  return {
    objective: asName(incident.objective),
    pipeline: asName(incident.pipelineName),
    when: `${momentText(openedAt, timezone, notation)} · ${closedAt === null ? mail.stillOpen(length) : length}`,
    what: mail.badEvents(badEvents, firstFailedTask === null ? null : asName(firstFailedTask)),
    error: errorMessage === null ? null : asSentence(errorMessage),
  };
}
