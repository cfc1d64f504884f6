import type { DaySelection, MeasureOf } from "@runledger/config";
import { Info } from "luxon";
import { exactDurationText } from "../figures/time-span-text.ts";
import { british } from "../figures/notation.ts";
import { type DataGap, type InDoubt, type ObjectiveKind, unitOf } from "@runledger/sla";
import type { Language } from "./language.ts";

/** British English: also what workbook, terminal and database speak. */
export const english: Language = {
  notation: british,
  verdicts: {
    missed: "missed",
    at_risk: "at risk",
    insufficient_data: "insufficient data",
    met: "met",
    not_in_force: "not in force",
  },
  figures: {
    verdict: "verdict",
    target: "target",
    good: "good",
    total: "total",
    excluded: "excluded",
    attained: "attained",
    attained_raw: "attained with no exclusions",
    attained_4w: "4 weeks",
    mean_time_to_recover: "mean time to recover",
    mean_time_between_failures: "mean time between failures",
  },
  causes: {
    definition: "the agreed definition was changed and restated",
    exclusions: "exclusions were entered, changed or taken back after the fact",
    late_rows: "runs came in late or changed",
    coverage: "other days are now proven, in dispute or synced",
    time_zones: "the time-zone database now has other local times in these weeks",
    wording: "reasons, approvers or names are worded otherwise",
    software: "Runledger now figures otherwise from the same data",
  },
  headline: ({ total, missed, met, atRisk, insufficientData }) => {
    if (total === 0) return "not in force yet";
    if (missed > 0) return `${missed} of ${total} missed`;
    if (met === 0) return total === 1 ? "insufficient data" : `insufficient data for all ${total}`;
    return [
      met === total && total > 1 ? `all ${total} met` : `${met} of ${total} met`,
      ...(atRisk > 0 ? [`${atRisk} at risk`] : []),
      ...(insufficientData > 0 ? [`${insufficientData} with insufficient data`] : []),
    ].join(", ");
  },
  soFar: (through) => `so far, through ${through}`,
  definition: (measure) => wordsOf(measure).definition(measure),
  reason: (reason, measure) => {
    const isTime = unitOf(measure.kind) === "time";
    const noun = wordsOf(measure).noun(measure);
    const fault = wordsOf(measure).fault(measure);
    const whole = (amount: number) => (isTime ? exactDurationText(amount) : counted(amount, noun));
    const part = (amount: number) => partOf(amount, isTime);
    const wasOrWere = (amount: number) => `${part(amount)} ${amount > 1 && !isTime ? "were" : "was"}`;
    switch (reason.kind) {
      case "counted": {
        const { bad, total, allowedBad } = reason;
        return `${part(bad)} of ${whole(total)} ${fault}; ${wasOrWere(allowedBad)} allowed`;
      }
      case "nothing":
        return reason.excluded === 0
          ? `there was no ${noun}`
          : `no ${noun} counted; ${wasOrWere(reason.excluded)} excluded`;
      case "too_few": {
        const needed = isTime ? whole(reason.needed) : reason.needed;
        return `${whole(reason.total)} counted; at least ${needed} are needed`;
      }
      case "not_in_force":
        return `in force in whole weeks from ${reason.from} on`;
      case "in_doubt": {
        const { best, worst } = reason;
        const isExact = best.bad === worst.bad && best.total === worst.total;
        const range = isExact
          ? `${part(best.bad)} of ${whole(best.total)}`
          : best.total === worst.total
            ? `${part(best.bad)} to ${part(worst.bad)} of ${whole(best.total)}`
            : `between ${part(best.bad)} of ${whole(best.total)} and ${part(worst.bad)} of ${whole(worst.total)}`;
        const were = reason.runs === 1 || (reason.runs === 0 && reason.rows === 1) ? "was" : "were";
        const doubt = `whatever the ${unseen(reason)} not seen ${were} (UTC ${reason.days.join(", ")})`;
        return `${english.verdicts[reason.verdict]}, ${doubt}: ${range} ${fault}`;
      }
      default:
        return gapInWords(reason);
    }
  },
  note: (note) => {
    if (note.kind !== "quarantined") return `${note.pipeline}: ${gapInWords(note)}.`;
    const verbs = note.rows === 1 ? ["is", "row"] : ["are", "rows"];
    return `${note.pipeline}: ${note.rows} ${verbs[1]} of its run log could not be read and ${verbs[0]} not counted.`;
  },
  incidents: {
    openedEarlier: "opened in an earlier week",
    open: "still open",
    openAtWeekEnd: "open at the end of the week",
  },
  mail: {
    revisedSubject: (revision) => `REVISED r${revision}`,
    revised: (revision, causes) =>
      `Revision ${revision}. It replaces the report sent earlier for this week${causes === null ? "" : `: ${causes}`}.`,
    headings: {
      concerns: "Needs attention",
      objectives: "All objectives",
      chart: (weeks) => `Attained, last ${weeks} weeks`,
      sinceLastWeek: "Since last week",
      changes: (revision) => `What revision ${revision} changed`,
      incidents: "Incidents",
      exclusions: "Exclusions",
      notes: "About the data",
    },
    columns: {
      objective: "Objective",
      attained: "Attained",
      target: "Target",
      fourWeeks: "4 weeks",
      change: "Change",
      verdict: "Verdict",
    },
    more: (count) => `… and ${count} more in the workbook`,
    standing: ({ attained, isInDoubt, target, counts, burnRate }) => {
      const byWhat = isInDoubt ? " by what is stored" : "";
      const scored = attained === null ? "Not scored" : `${attained} attained${byWhat}`;
      const figures = `${scored}, target ${target}, ${counts}`;
      return burnRate === null ? figures : `${figures}, burn rate ${burnRate}`;
    },
    nothingToScore: (target) => `Nothing to score, target ${target}`,
    worstDay: (day, status, lateBy) =>
      `Worst day: ${day}, ${lateBy === null ? failure(status) : `${lateBy} late`}`,
    firstToFail: (task, incidents, ofAll) =>
      ofAll === 1
        ? `First to fail: ${task}`
        : `First to fail: ${task} (in ${incidents} of ${ofAll} incidents)`,
    week: (number) => `W${String(number).padStart(2, "0")}`,
    chartAlt: (weeks, lines) =>
      `Attained this week, beside the lowest of the last ${weeks} weeks: ${lines.join("; ")}.`,
    chartLine: (objective, attained, target, lowest) =>
      `${objective} ${attained} (target ${target}${lowest === null ? "" : `, lowest ${lowest.attained} in ${lowest.week}`})`,
    newlyMissed: "newly missed",
    recovered: "recovered",
    noVerdictChanged: "No verdict changed.",
    attainedOtherwise: (changes) => `Attained, with the same verdict: ${changes.join("; ")}.`,
    onlyEvidenceChanged: "No figure of an objective; only the evidence or the words beside them.",
    noIncidents: "None this week.",
    badEvents: (count, firstFailingTask) =>
      firstFailingTask === null
        ? counted(count, "bad event")
        : `${counted(count, "bad event")}, first failing task: ${firstFailingTask}`,
    approvedBy: (name) => `approved by ${name}`,
    enteredLater: "entered after the fact",
    provenance: {
      week: "Week",
      timezone: "Time zone",
      report: "Report",
      dataAsOf: "Data as of",
      contact: "Contact",
      software: "Software",
    },
    weekSpan: (from, to, hours) => `${from} up to ${to}, ${hours} hours`,
    revisionAsOf: (revision, asOf) =>
      `${revision === null ? "Provisional" : `Revision ${revision}`}, as of ${asOf}`,
    notAllSynced: "not all pipelines are synced",
    replyToAsk: "reply to this mail",
    workbookHasAll: "Everything behind these figures is in the attached workbook.",
    workbookTooLarge: (name, megabytes) =>
      `Everything behind these figures is in the workbook ${name}, which is too large for a mail (${megabytes} MB). Ask for it.`,
    unsubscribe: "Unsubscribe",
  },
};

function counted(amount: number, noun: string): string {
  return `${amount} ${noun}${amount === 1 ? "" : "s"}`;
}

/** What is said of a kind of measure. */
interface MeasureWords<Kind extends ObjectiveKind> {
  definition: (measure: MeasureOf<Kind>) => string;
  /** One of what it counts. */
  noun: (measure: MeasureOf<Kind>) => string;
  /** What bad ones did. */
  fault: (measure: MeasureOf<Kind>) => string;
}

function wordsOf<Kind extends ObjectiveKind>({ kind }: { kind: Kind }): MeasureWords<Kind> {
  return measures[kind];
}

const measures: { [Kind in ObjectiveKind]: MeasureWords<Kind> } = {
  success: {
    definition: () => "Successful runs, of all runs",
    noun: () => "run",
    fault: () => "failed",
  },
  duration: {
    definition: ({ atMostMs, failed }) =>
      `Successful runs that take at most ${exactDurationText(atMostMs)}, of ${failed === "exclude" ? "the successful runs" : "all runs"}`,
    noun: ({ failed }) => (failed === "exclude" ? "successful run" : "run"),
    fault: ({ atMostMs, failed }) =>
      `${failed === "exclude" ? "" : "failed or "}took longer than ${exactDurationText(atMostMs)}`,
  },
  deadline: {
    definition: ({ on, opens, by, graceMs }) => {
      const from = opens < by ? opens : `${opens} of the day before`;
      const grace = graceMs === 0 ? "" : ` (grace ${exactDurationText(graceMs)})`;
      return `Due days (${daysOf(on)}) on which a successful run finishes between ${from} and ${by}${grace}, of all due days`;
    },
    noun: () => "due day",
    fault: () => "missed the deadline",
  },
  freshness: {
    definition: ({ maxAgeMs }) =>
      `Time in which the latest successful run had finished at most ${exactDurationText(maxAgeMs)} ago, of all time`,
    noun: () => "time",
    fault: ({ maxAgeMs }) => `was stale, with no successful run for over ${exactDurationText(maxAgeMs)}`,
  },
  volume: {
    definition: ({ on, atLeast }) =>
      `Days (${daysOf(on)}) with at least ${counted(atLeast, "successful run")}, of all such days`,
    noun: () => "day",
    fault: ({ atLeast }) => `had fewer than ${counted(atLeast, "successful run")}`,
  },
};

/** Some of a whole; from a minute on nobody asks for milliseconds. */
function partOf(amount: number, isTime: boolean): string {
  if (amount === 0) return "none";
  if (!isTime) return String(amount);
  return exactDurationText(amount < 60_000 ? amount : Math.floor(amount / 1000) * 1000);
}

function daysOf(on: DaySelection): string {
  if (on.kind === "workdays") return "workdays";
  if (on.kind === "daily") return "every day";
  const names = Info.weekdays("short", { locale: british.locale });
  return on.weekdays.map((weekday) => names[weekday - 1]).join(", ");
}

function failure(status: string): string {
  return status === "no_run" ? "no run" : "no successful run";
}

/** `3 runs`: what is missing. Of tasks never seen nobody knows how many rows are. */
function unseen({ runs, rows }: Pick<InDoubt, "runs" | "rows">): string {
  if (runs > 0) return counted(runs, "run");
  return rows === null ? "rows" : counted(rows, "row");
}

function gapInWords(gap: DataGap): string {
  switch (gap.kind) {
    case "starts_late":
      return `the history starts only at ${utcMinute(gap.start)}`;
    case "never_seen":
      return "nothing was ever seen of the pipeline at the source";
    case "holidays_unknown":
      return "some of the holidays that were promised cannot be worked out any more";
    case "never_synced":
      return "the pipeline was never synced";
    case "synced_through":
      return `the pipeline is synced only through ${utcMinute(gap.through)}`;
    case "disputed":
      return `stored runs disagree with the source on ${gap.days.join(", ")} (UTC)${!gap.unseen ? "" : `; not seen: ${unseen(gap.unseen)}`}`;
  }
}

/** `2026-03-20 04:12 UTC` */
function utcMinute(instant: string): string {
  return `${instant.slice(0, 16).replace("T", " ")} UTC`;
}
