import { type Incident, type ReportWithoutRuns, dateOf } from "@runledger/sla";
import { type Language, durationText, incidentRemarks, momentText } from "@runledger/wording";
import { asName, asSentence } from "./sanitize-text.ts";

/** An incident, ready to print. */
export interface IncidentLine {
  objective: string;
  pipeline: string;
  /** `Wed 18 Mar 2026, 06:10 · 23 h 21 min · opened in an earlier week` */
  when: string;
  /** `3 bad events, first failing task: Load orders` */
  what: string;
  error: string | null;
}

export function incidentLine(
  incident: Incident,
  report: ReportWithoutRuns,
  language: Language,
): IncidentLine {
  const { notation, mail } = language;
  const { openedAt, lastedMs, badEvents, firstFailedTask, errorMessage } = incident;
  const opened = momentText(dateOf(openedAt), report.agreement.timezone, notation);
  return {
    objective: asName(incident.objective),
    pipeline: asName(incident.pipelineName),
    when: [opened, durationText(lastedMs, notation), ...incidentRemarks(incident, report, language)].join(
      " · ",
    ),
    what: mail.badEvents(badEvents, firstFailedTask === null ? null : asName(firstFailedTask)),
    error: errorMessage === null ? null : asSentence(errorMessage),
  };
}
