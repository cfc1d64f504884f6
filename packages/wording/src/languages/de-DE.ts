import type { DaySelection, MeasureOf } from "@runledger/config";
import { DateTime, Info } from "luxon";
import { exactDurationText } from "../figures/time-span-text.ts";
import type { Notation } from "../figures/notation.ts";
import { type DataGap, type InDoubt, type ObjectiveKind, type Unit, unitOf } from "@runledger/sla";
import type { Language } from "./language.ts";

const notation: Notation = {
  locale: "de-DE",
  percentagePoints: "PP",
  unit: (unit, amount) => (unit === "d" ? (amount === 1 ? "Tag" : "Tage") : unit),
  counts: (unit, good, total, totalAmount) => `${good} von ${total}${nounAfter[unit](totalAmount)}`,
  day: "d. MMM",
  date: "d. MMM yyyy",
  weekday: "EEE, ",
  time: "HH:mm",
  daysOfMonth: (first, last) => `${first.day}.–${last.toFormat("d. MMM yyyy")}`,
};

const nounAfter: Record<Unit, (amount: number) => string> = {
  runs: (amount) => ` ${dative("run", amount)}`,
  days: (amount) => ` ${dative("day", amount)}`,
  time: () => "",
};

export const german: Language = {
  notation,
  verdicts: {
    missed: "verfehlt",
    at_risk: "gefährdet",
    insufficient_data: "zu wenig Daten",
    met: "erfüllt",
    not_in_force: "nicht in Kraft",
  },
  figures: {
    verdict: "Ergebnis",
    target: "Soll",
    good: "gut",
    total: "gesamt",
    excluded: "ausgenommen",
    attained: "erreicht",
    attained_raw: "erreicht ohne Ausnahmen",
    attained_4w: "4 Wochen",
    mean_time_to_recover: "mittlere Zeit bis zur Behebung",
    mean_time_between_failures: "mittlere Zeit zwischen Störungen",
  },
  causes: {
    definition: "die vereinbarte Definition wurde geändert und neu angewandt",
    exclusions: "Ausnahmen wurden nachträglich eingetragen, geändert oder zurückgenommen",
    late_rows: "Läufe kamen verspätet oder haben sich geändert",
    coverage: "andere Tage sind nun belegt, strittig oder synchronisiert",
    time_zones: "die Zeitzonendatenbank nennt für diese Wochen nun andere Ortszeiten",
    wording: "Gründe, Genehmigende oder Namen lauten anders",
    software: "Runledger rechnet aus denselben Daten nun anders",
  },
  headline: ({ total, missed, met, atRisk, insufficientData }) => {
    if (total === 0) return "noch nicht in Kraft";
    if (missed > 0) return `${missed} von ${total} verfehlt`;
    if (met === 0) return total === 1 ? "zu wenig Daten" : `zu wenig Daten für alle ${total}`;
    return [
      met === total && total > 1 ? `alle ${total} erfüllt` : `${met} von ${total} erfüllt`,
      ...(atRisk > 0 ? [`${atRisk} gefährdet`] : []),
      ...(insufficientData > 0 ? [`${insufficientData} mit zu wenig Daten`] : []),
    ].join(", ");
  },
  soFar: (through) => `Zwischenstand bis ${through}`,
  definition: (measure) => wordsOf(measure).definition(measure),
  reason: (reason, measure) => {
    const isTime = unitOf(measure.kind) === "time";
    const amount = (value: number) => (isTime ? wholeSeconds(value) : number(value));
    const words = wordsOf(measure);
    const noun = words.noun(measure);
    const fault = (bad: number, total: number) => words.fault(measure, bad, total);
    switch (reason.kind) {
      case "counted": {
        const allowed = reason.allowedBad === 0 ? (isTime ? "nichts" : "keiner") : amount(reason.allowedBad);
        return `${fault(reason.bad, reason.total)}; erlaubt: ${allowed}`;
      }
      case "nothing":
        return reason.excluded === 0
          ? `es gab ${isTime ? "keine Zeit" : `keinen ${accusative(noun)}`}`
          : `${isTime ? "keine Zeit" : `kein ${nominative(noun, 1)}`} gezählt; ausgenommen: ${amount(reason.excluded)}`;
      case "too_few": {
        const total = isTime
          ? time(reason.total)
          : `${number(reason.total)} ${nominative(noun, reason.total)}`;
        return `nur ${total} gezählt; nötig: mindestens ${amount(reason.needed)}`;
      }
      case "not_in_force":
        return `gilt für ganze Wochen ab dem ${dateOf(reason.from)}`;
      case "in_doubt": {
        const { best, worst, days } = reason;
        const range =
          best.bad === worst.bad && best.total === worst.total
            ? fault(best.bad, best.total)
            : `von „${fault(best.bad, best.total)}“ bis „${fault(worst.bad, worst.total)}“`;
        return `${german.verdicts[reason.verdict]}, wie auch immer ${unseen(reason)} (UTC-Tage: ${days.map(dateOf).join("; ")}): ${range}`;
      }
      default:
        return gapInWords(reason);
    }
  },
  note: (note) => {
    if (note.kind !== "quarantined") return `${note.pipeline}: ${gapInWords(note)}.`;
    const [were, counts] = note.rows === 1 ? ["Zeile", "war"] : ["Zeilen", "waren"];
    return `${note.pipeline}: ${number(note.rows)} ${were} des Laufprotokolls ${counts} nicht lesbar und ${note.rows === 1 ? "zählt" : "zählen"} nicht.`;
  },
  incidents: {
    openedEarlier: "in einer früheren Woche begonnen",
    open: "noch offen",
    openAtWeekEnd: "am Ende der Woche offen",
  },
  mail: {
    revisedSubject: (revision) => `KORRIGIERT r${revision}`,
    revised: (revision, causes) =>
      `Revision ${revision}. Sie ersetzt den früheren Bericht für diese Woche${causes === null ? "" : `: ${causes}`}.`,
    headings: {
      concerns: "Auffälligkeiten",
      objectives: "Alle Ziele",
      chart: (weeks) => `Erreicht in den letzten ${weeks} Wochen`,
      sinceLastWeek: "Seit der Vorwoche",
      changes: (revision) => `Was Revision ${revision} geändert hat`,
      incidents: "Störungen",
      exclusions: "Ausgenommene Zeiten",
      notes: "Zu den Daten",
    },
    columns: {
      objective: "Ziel",
      attained: "Erreicht",
      target: "Soll",
      fourWeeks: "4 Wochen",
      change: "Änderung",
      verdict: "Ergebnis",
    },
    more: (count) => `… und ${count} mehr in der Arbeitsmappe`,
    standing: ({ attained, isInDoubt, target, counts, burnRate }) => {
      const byWhat = isInDoubt ? " nach dem, was gespeichert ist" : "";
      const scored = attained === null ? "Nicht bewertet" : `${attained} erreicht${byWhat}`;
      const figures = `${scored}, Soll ${target}, ${counts}`;
      return burnRate === null ? figures : `${figures}, Burn-Rate ${burnRate}`;
    },
    nothingToScore: (target) => `Nichts zu bewerten, Soll ${target}`,
    worstDay: (day, status, lateBy) =>
      `Schlechtester Tag: ${day}, ${lateBy === null ? (status === "no_run" ? "kein Lauf" : "kein erfolgreicher Lauf") : `${lateBy} zu spät`}`,
    firstToFail: (task, incidents, ofAll) =>
      ofAll === 1
        ? `Zuerst fehlgeschlagen: ${task}`
        : `Zuerst fehlgeschlagen: ${task} (bei ${incidents} von ${ofAll} Störungen)`,
    week: (week) => `KW${week}`,
    chartAlt: (weeks, lines) =>
      `Diese Woche erreicht, daneben der niedrigste Wert der letzten ${weeks} Wochen: ${lines.join("; ")}.`,
    chartLine: (objective, attained, target, lowest) =>
      `${objective} ${attained} (Soll ${target}${lowest === null ? "" : `, am niedrigsten ${lowest.attained} in ${lowest.week}`})`,
    newlyMissed: "neu verfehlt",
    recovered: "wieder erfüllt",
    noVerdictChanged: "Kein Ergebnis hat sich geändert.",
    attainedOtherwise: (changes) => `Erreicht, bei gleichem Ergebnis: ${changes.join("; ")}.`,
    onlyEvidenceChanged: "Keine Kennzahl eines Ziels, nur die Nachweise oder Angaben dazu.",
    noIncidents: "Keine in dieser Woche.",
    badEvents: (count, firstFailingTask) => {
      const events = `${number(count)} ${count === 1 ? "Verstoß" : "Verstöße"}`;
      return firstFailingTask === null ? events : `${events}, zuerst fehlgeschlagen: ${firstFailingTask}`;
    },
    approvedBy: (name) => `genehmigt von ${name}`,
    enteredLater: "nachgetragen",
    provenance: {
      week: "Woche",
      timezone: "Zeitzone",
      report: "Bericht",
      dataAsOf: "Datenstand",
      contact: "Kontakt",
      software: "Software",
    },
    weekSpan: (from, to, hours) => `${from} bis ${to}, ${hours} Stunden`,
    revisionAsOf: (revision, asOf) =>
      `${revision === null ? "Vorläufig" : `Revision ${revision}`}, Stand ${asOf}`,
    notAllSynced: "nicht alle Pipelines sind synchronisiert",
    replyToAsk: "Antworten Sie auf diese E-Mail",
    workbookHasAll: "Alles hinter diesen Zahlen steht in der angehängten Arbeitsmappe (auf Englisch).",
    workbookTooLarge: (name, megabytes) =>
      `Alles hinter diesen Zahlen steht in der Arbeitsmappe ${name} (auf Englisch). Sie ist für eine E-Mail zu groß (${megabytes} MB); fragen Sie danach.`,
    unsubscribe: "Abbestellen",
  },
};

type Noun = "run" | "successful run" | "due day" | "day" | "time";

/** What is said of a kind of measure. */
interface MeasureWords<Kind extends ObjectiveKind> {
  definition: (measure: MeasureOf<Kind>) => string;
  /** One of what it counts. */
  noun: (measure: MeasureOf<Kind>) => Noun;
  /** How many were bad, and how. */
  fault: (measure: MeasureOf<Kind>, bad: number, total: number) => string;
}

function wordsOf<Kind extends ObjectiveKind>({ kind }: { kind: Kind }): MeasureWords<Kind> {
  return measures[kind];
}

const measures: { [Kind in ObjectiveKind]: MeasureWords<Kind> } = {
  success: {
    definition: () => "Erfolgreiche Läufe, gemessen an allen Läufen",
    noun: () => "run",
    fault: (_, bad, total) => `${someOf(bad, "run", total)} fehlgeschlagen`,
  },
  duration: {
    definition: ({ atMostMs, failed }) =>
      `Erfolgreiche Läufe von höchstens ${time(atMostMs)} Dauer, gemessen an ${failed === "exclude" ? "den erfolgreichen Läufen" : "allen Läufen"}`,
    noun: nounOfDuration,
    fault: (measure, bad, total) =>
      `${someOf(bad, nounOfDuration(measure), total)} ${measure.failed === "exclude" ? "" : "fehlgeschlagen oder "}länger als ${time(measure.atMostMs)}`,
  },
  deadline: {
    definition: ({ on, opens, by, graceMs }) => {
      const from = opens < by ? opens : `${opens} Uhr des Vortags`;
      const grace = graceMs === 0 ? "" : ` (Kulanz ${time(graceMs)})`;
      return `Fällige Tage (${daysOf(on)}), an denen ein erfolgreicher Lauf zwischen ${from} und ${by} Uhr endet${grace}, gemessen an allen fälligen Tagen`;
    },
    noun: () => "due day",
    fault: (_, bad, total) => `Termin ${onSomeOf(bad, "due day", total)} verfehlt`,
  },
  freshness: {
    definition: ({ maxAgeMs }) =>
      `Zeit, in der das Ende des letzten erfolgreichen Laufs höchstens ${time(maxAgeMs)} zurücklag, gemessen an der gesamten Zeit`,
    noun: () => "time",
    fault: ({ maxAgeMs }, bad, total) =>
      bad === 0
        ? `Daten in ${time(total)} nie älter als ${time(maxAgeMs)}`
        : `Daten während ${wholeSeconds(bad)} von ${time(total)} älter als ${time(maxAgeMs)}`,
  },
  volume: {
    definition: ({ on, atLeast }) =>
      `Tage (${daysOf(on)}) mit mindestens ${number(atLeast)} erfolgreichen ${dative("run", atLeast)}, gemessen an allen diesen Tagen`,
    noun: () => "day",
    fault: ({ atLeast }, bad, total) =>
      `${onSomeOf(bad, "day", total)} weniger als ${number(atLeast)} ${nominative("successful run", atLeast)}`,
  },
};

function nounOfDuration({ failed }: MeasureOf<"duration">): Noun {
  return failed === "exclude" ? "successful run" : "run";
}

/** `3 von 168 Läufen`, `keiner von 168 Läufen` */
function someOf(bad: number, noun: Noun, total: number): string {
  return `${bad === 0 ? "keiner" : number(bad)} von ${number(total)} ${dative(noun, total)}`;
}

/** `an 3 von 7 Tagen`, `an keinem von 7 Tagen` */
function onSomeOf(bad: number, noun: Noun, total: number): string {
  return `an ${bad === 0 ? "keinem" : number(bad)} von ${number(total)} ${dative(noun, total)}`;
}

function nominative(noun: Noun, amount: number): string {
  const [one, many] = (
    {
      run: ["Lauf", "Läufe"],
      "successful run": ["erfolgreicher Lauf", "erfolgreiche Läufe"],
      "due day": ["fälliger Tag", "fällige Tage"],
      day: ["Tag", "Tage"],
      time: ["Zeit", "Zeit"],
    } as const
  )[noun];
  return amount === 1 ? one : many;
}

function accusative(noun: Noun): string {
  return nominative(noun, 1).replace(/er /, "en ");
}

/** After a number: "von 168 Läufen". */
function dative(noun: Noun, amount: number): string {
  const [one, many] = (
    {
      run: ["Lauf", "Läufen"],
      "successful run": ["erfolgreichen Lauf", "erfolgreichen Läufen"],
      "due day": ["fälligen Tag", "fälligen Tagen"],
      day: ["Tag", "Tagen"],
      time: ["Zeit", "Zeit"],
    } as const
  )[noun];
  return amount === 1 ? one : many;
}

function daysOf(on: DaySelection): string {
  if (on.kind === "workdays") return "Arbeitstage";
  if (on.kind === "daily") return "täglich";
  const names = Info.weekdays("short", notation);
  return on.weekdays.map((weekday) => names[weekday - 1]).join(", ");
}

/** `die 3 nicht gesehenen Läufe ausgingen` */
function unseen({ runs, rows }: Pick<InDoubt, "runs" | "rows">): string {
  if (runs === 1) return "der eine nicht gesehene Lauf ausging";
  if (runs > 1) return `die ${number(runs)} nicht gesehenen Läufe ausgingen`;
  if (rows === 1) return "die eine nicht gesehene Zeile lautet";
  return rows === null
    ? "die nicht gesehenen Zeilen lauten"
    : `die ${number(rows)} nicht gesehenen Zeilen lauten`;
}

/** `3 Läufe` */
function missing({ runs, rows }: Pick<InDoubt, "runs" | "rows">): string {
  if (runs > 0) return `${number(runs)} ${nominative("run", runs)}`;
  return rows === null ? "Zeilen" : `${number(rows)} ${rows === 1 ? "Zeile" : "Zeilen"}`;
}

function gapInWords(gap: DataGap): string {
  switch (gap.kind) {
    case "starts_late":
      return `die Aufzeichnung beginnt erst am ${utcMinute(gap.start)}`;
    case "never_seen":
      return "die Quelle hat von der Pipeline noch nie etwas gezeigt";
    case "holidays_unknown":
      return "einige der vereinbarten Feiertage lassen sich nicht mehr ermitteln";
    case "never_synced":
      return "die Pipeline wurde noch nie synchronisiert";
    case "synced_through":
      return `die Pipeline ist erst bis zum ${utcMinute(gap.through)} synchronisiert`;
    case "disputed":
      return `die gespeicherten Läufe weichen von der Quelle ab (UTC-Tage: ${gap.days.map(dateOf).join("; ")})${!gap.unseen ? "" : `; nicht gesehen: ${missing(gap.unseen)}`}`;
  }
}

/** `20. März 2026, 04:12 UTC`, of an instant as ISO 8601. */
function utcMinute(instant: string): string {
  const { locale, date, time: timeOfDay } = notation;
  return DateTime.fromISO(instant, { zone: "utc", locale }).toFormat(`${date}, ${timeOfDay} 'UTC'`);
}

function dateOf(day: string): string {
  return DateTime.fromISO(day, { zone: "utc", locale: notation.locale }).toFormat(notation.date);
}

function number(value: number): string {
  return value.toLocaleString(notation.locale);
}

function time(milliseconds: number): string {
  return exactDurationText(milliseconds, notation);
}

/** From a minute on nobody asks for milliseconds. */
function wholeSeconds(milliseconds: number): string {
  return time(milliseconds < 60_000 ? milliseconds : Math.floor(milliseconds / 1000) * 1000);
}
