import type { LanguageTag } from "@runledger/config";
import fc from "fast-check";
import { simpleParser } from "mailparser";
import { describe, expect, it } from "vitest";
import {
  type DataGap,
  type InDoubt,
  type ObjectiveResult,
  type Reason,
  type Verdict,
  type WeeklyReport,
  CHANGED_FIGURES,
} from "@runledger/sla";
import {
  type Language,
  american,
  attainedText,
  durationText,
  german,
  languages,
  momentText,
  spanText,
  targetText,
  weekDates,
} from "@runledger/wording";
import { composeMail } from "../src/compose-mail.ts";
import { composeDigest } from "../src/digest.ts";
import { mailHtml } from "../src/html-part.ts";
import { mailText } from "../src/text-part.ts";
import { fixtureReport, objective } from "@runledger/sla/testing/fixture-report";

const tags = ["en-GB", "en-US", "de-DE"] as const satisfies LanguageTag[];

describe.each(tags)("a mail in %s", (tag) => {
  const language = languages[tag];

  it("prints the report's figures", async () => {
    const report = fixtureReport();
    const { text } = await received(report, language);
    for (const { id, share, target, fourWeeks } of report.objectives) {
      const [attained, promised, pooled] = rowOf(text, id);
      expect(attained, id).toBe(share.total === 0 ? null : hundredths(share));
      expect(promised).toBe((target.numerator * 10_000) / target.denominator);
      expect(pooled).toBe(hundredths(fourWeeks));
    }
  });

  it("never rounds a share up", () => {
    const share = fc
      .tuple(fc.nat(2_000_000), fc.nat(2_000_000))
      .map(([good, bad]) => ({ good, total: good + bad + 1 }));
    fc.assert(
      fc.property(share, (counts) => {
        expect(figureIn(attainedText(counts, language.notation))).toBe(hundredths(counts));
      }),
    );
  });

  it("carries the same figures in text and HTML", async () => {
    await fc.assert(
      fc.asyncProperty(reports, async (report) => {
        const digest = composeDigest(report, {
          language,
          contact: null,
          workbook: { name: "x.xlsx", bytes: 60_000, isAttached: true },
          unsubscribeUrl: "mailto:sla@acme.example",
        });
        expect(figuresIn(mailText(digest))).toEqual(figuresIn(visibleText(await mailHtml(digest))));
      }),
      { numRuns: 30 },
    );
  });

  it("says in the HTML which language it is in", async () => {
    expect((await received(fixtureReport(), language)).html).toContain(`lang="${tag}"`);
  });
});

describe("German", () => {
  it("has no English word", async () => {
    const alike = new Set(
      "burn example mail mailto min pipeline pipelines rate revision runledger sla software subject unsubscribe utc was acme".split(
        " ",
      ),
    );
    const english = wordsOf(await everythingSaid(languages["en-GB"])).filter((word) => !alike.has(word));
    expect(english.length).toBeGreaterThan(120);
    const said = new Set(wordsOf(await everythingSaid(german)));
    expect(english.filter((word) => said.has(word))).toEqual([]);
  });

  it("states the verdict in the subject", async () => {
    const { subject } = await received(fixtureReport(), languages["de-DE"]);
    expect(subject).toBe("[SLA] Finance daily close — 2026-W12 (16.–22. März 2026): 1 von 5 verfehlt");
    const revised = await received(fixtureReport({ revision: 2 }), languages["de-DE"]);
    expect(revised.subject).toMatch(/^KORRIGIERT r2 \[SLA\]/);
  });

  it("writes numbers and times as Germans do", () => {
    const { notation } = german;
    expect(targetText({ numerator: 995, denominator: 1000 }, notation)).toBe("99,5\u00A0%");
    expect(attainedText({ good: 161, total: 168 }, notation)).toBe("95,83\u00A0%");
    expect(durationText(90_000_000, notation)).toBe("1 Tag 1 h");
    expect(durationText(190_000_000, notation)).toBe("2 Tage 4 h");
    expect(momentText(new Date("2026-03-18T05:10:00Z"), "Europe/Berlin", notation)).toBe(
      "Mi., 18. März 2026, 06:10",
    );
    expect(
      weekDates(
        {
          start: new Date("2025-12-28T23:00:00Z"),
          end: new Date("2026-01-04T23:00:00Z"),
          timezone: "Europe/Berlin",
        },
        notation,
      ),
    ).toBe("29. Dez. 2025 – 4. Jan. 2026");
  });

  it.each<[Reason, ObjectiveResult["definition"], string]>([
    [counted(0, 168, 3), { kind: "success" }, "keiner von 168 Läufen fehlgeschlagen; erlaubt: 3"],
    [counted(1, 1, 0), { kind: "success" }, "1 von 1 Lauf fehlgeschlagen; erlaubt: keiner"],
    [counted(1234, 5678, 1), { kind: "success" }, "1.234 von 5.678 Läufen fehlgeschlagen; erlaubt: 1"],
    [
      counted(2, 9, 0),
      { kind: "duration", atMostMs: 5_400_000, failed: "exclude" },
      "2 von 9 erfolgreichen Läufen länger als 1 h 30 min; erlaubt: keiner",
    ],
    [
      counted(0, 5, 0),
      { kind: "deadline", by: "06:00", on: { kind: "daily" }, opens: "00:00", graceMs: 0 },
      "Termin an keinem von 5 fälligen Tagen verfehlt; erlaubt: keiner",
    ],
    [
      counted(7_200_000, 604_800_000, 3_024_000),
      { kind: "freshness", maxAgeMs: 93_600_000 },
      "Daten während 2 h von 168 h älter als 26 h; erlaubt: 50 min 24 s",
    ],
    [
      counted(1, 7, 0),
      { kind: "volume", per: "day", atLeast: 1, on: { kind: "daily" } },
      "an 1 von 7 Tagen weniger als 1 erfolgreicher Lauf; erlaubt: keiner",
    ],
    [
      { kind: "nothing", excluded: 0 },
      { kind: "duration", atMostMs: 1, failed: "exclude" },
      "es gab keinen erfolgreichen Lauf",
    ],
    [
      { kind: "nothing", excluded: 604_800_000 },
      { kind: "freshness", maxAgeMs: 1 },
      "keine Zeit gezählt; ausgenommen: 168 h",
    ],
    [
      { kind: "too_few", total: 1, needed: 5 },
      { kind: "success" },
      "nur 1 Lauf gezählt; nötig: mindestens 5",
    ],
    [
      { kind: "synced_through", through: "2026-03-20T04:12:59.000Z" },
      { kind: "success" },
      "die Pipeline ist erst bis zum 20. März 2026, 04:12 UTC synchronisiert",
    ],
  ])("tells %o", (reason, definition, words) => {
    expect(german.reason(reason, definition)).toBe(words);
  });

  it("names the days that count", () => {
    const on = { kind: "weekdays" as const, weekdays: [1 as const, 3 as const] };
    expect(german.definition({ kind: "volume", per: "day", atLeast: 24, on })).toBe(
      "Tage (Mo, Mi) mit mindestens 24 erfolgreichen Läufen, gemessen an allen diesen Tagen",
    );
  });
});

describe("American English", () => {
  it("puts the month first and counts hours to twelve", async () => {
    const { notation } = american;
    const [start, end] = [new Date("2026-03-17T03:30:00Z"), new Date("2026-03-17T12:30:00Z")];
    expect(spanText(start, end, "Europe/Berlin", notation)).toBe("Tue, Mar 17, 2026, 4:30 AM – 1:30 PM");
    const { subject } = await received(fixtureReport(), american);
    expect(subject).toContain("(Mar 16–22, 2026): 1 of 5 missed");
  });
});

/** The mail as an independent reader has it. */
async function received(report: WeeklyReport, language: Language) {
  const mail = await composeMail(report, {
    from: "Runledger <sla@acme.example>",
    to: ["controlling@acme.example"],
    contact: null,
    language,
    workbook: Buffer.from("workbook"),
    workbookName: "workbook.xlsx",
  });
  const eml = mail.messageFor("controlling@acme.example").compose();
  const { subject = "", text = "", html } = await simpleParser(eml, { skipImageLinks: true });
  return { subject, text, html: html || "" };
}

function counted(bad: number, total: number, allowedBad: number): Reason {
  return { kind: "counted", bad, total, allowedBad };
}

/** A share in hundredths of a percent, by whole numbers alone. */
function hundredths({ good, total }: { good: number; total: number }): number {
  return Number((BigInt(good) * 10_000n) / BigInt(total));
}

/** The percentages of an objective's row in the text part's table, in hundredths; `null` for a dash. */
function rowOf(text: string, id: string): (number | null)[] {
  const row = text.split("\n").find((line) => line.startsWith(`${id}  `)) ?? "";
  return row
    .slice(id.length)
    .trim()
    .split(/ {2,}/)
    .map((cell) => (cell === "–" ? null : figureIn(cell)));
}

/** `95,83 %` and `95.83%` are 9583. */
function figureIn(percentage = ""): number {
  return Math.round(Number(percentage.replace(",", ".").replace(/\s*%$/, "")) * 100);
}

/** Every number of a text with what makes it one, in order of the alphabet, each once. */
function figuresIn(text: string): string[] {
  return [...new Set(text.match(/[−+±]?\d[\d.,:]*(?:\s?%)?/g)?.map((figure) => figure.replace(/[.,:]$/, "")))]
    .map((figure) => figure.replace(/\s/, " "))
    .toSorted();
}

/** What the HTML shows, its picture's words included. */
function visibleText(html: string): string {
  return html
    .replaceAll(/<head>[\s\S]*?<\/head>|<!--[\s\S]*?-->/g, "")
    .replaceAll(/<img[^>]*\salt="([^"]*)"[^>]*>/g, " $1 ")
    .replaceAll(/<a[^>]*href="mailto:([^"]*)"[^>]*>/g, " $1 ")
    .replaceAll(/<[^>]*>/g, " ")
    .replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)));
}

function wordsOf(text: string): string[] {
  return [...new Set(text.toLowerCase().match(/\p{L}{3,}/gu) ?? [])];
}

/** All that a language can say: a mail with every section, every promise and every reason. */
async function everythingSaid(language: Language): Promise<string> {
  const { subject, text, html } = await received(wordlessReport(), language);
  const sentences = definitions.flatMap((definition) => [
    language.definition(definition),
    ...reasons.map((reason) => language.reason(reason, definition)),
  ]);
  const notes = gaps.map((gap) => language.note({ pipeline: "1", ...gap }));
  return [subject, text, visibleText(html), ...Object.values(language.verdicts), ...sentences, ...notes].join(
    " ",
  );
}

const definitions: readonly ObjectiveResult["definition"][] = [
  { kind: "success" },
  { kind: "duration", atMostMs: 60_000, failed: "count" },
  { kind: "duration", atMostMs: 60_000, failed: "exclude" },
  { kind: "deadline", by: "06:00", on: { kind: "workdays" }, opens: "07:00", graceMs: 60_000 },
  { kind: "freshness", maxAgeMs: 60_000 },
  { kind: "volume", per: "day", atLeast: 2, on: { kind: "daily" } },
  { kind: "volume", per: "day", atLeast: 1, on: { kind: "weekdays", weekdays: [1, 2] } },
];

const gaps: readonly DataGap[] = [
  { kind: "starts_late", start: "2026-05-06T00:00:00.000Z" },
  { kind: "never_synced" },
  { kind: "never_seen" },
  { kind: "holidays_unknown" },
  { kind: "synced_through", through: "2026-05-06T00:00:00.000Z" },
  { kind: "disputed", days: ["2026-05-06"] },
  { kind: "disputed", days: ["2026-05-06"], unseen: { runs: 1, rows: 2 } },
  { kind: "disputed", days: ["2026-05-06"], unseen: { runs: 0, rows: null } },
];

const reasons: readonly Reason[] = [
  counted(1, 2, 0),
  counted(0, 2, 1),
  { kind: "nothing", excluded: 0 },
  { kind: "nothing", excluded: 2 },
  { kind: "too_few", total: 1, needed: 2 },
  { kind: "not_in_force", from: "2026-05-06" },
  ...gaps,
  inDoubt({ runs: 3, rows: 4, worst: { bad: 2, total: 5 } }),
  inDoubt({ runs: 1, rows: null, worst: { bad: 3, total: 7 } }),
  inDoubt({ runs: 0, rows: 1 }),
  inDoubt({ runs: 0, rows: 2 }),
  inDoubt({ runs: 0, rows: null }),
];

function inDoubt(changes: Partial<InDoubt>): InDoubt {
  const best = { bad: 1, total: 5 };
  return {
    kind: "in_doubt",
    verdict: "missed",
    days: ["2026-05-06"],
    runs: 0,
    rows: 0,
    best,
    worst: best,
    ...changes,
  };
}

/** A report with something in every section, whose own texts are digits: all words are the language's. */
function wordlessReport(): WeeklyReport {
  const base = fixtureReport();
  const verdicts = ["missed", "at_risk", "insufficient_data", "met"] as const;
  const objectives = verdicts.map((verdict, index) =>
    objective({ id: `${index}`, pipelineName: "1", verdict, kind: "volume" }),
  );
  return {
    ...base,
    agreement: { id: "1", title: "1", customer: "1", timezone: "UTC" },
    revision: 2,
    dataThrough: null,
    objectives,
    trend: objectives.map(({ id, share }) => ({ week: "2026-W11", objective: id, share, verdict: "missed" })),
    incidents: base.incidents.map((incident) => ({
      ...incident,
      objective: "0",
      pipelineName: "1",
      firstFailedTask: "2",
      errorMessage: null,
    })),
    deadlines: base.deadlines.map((day) => ({ ...day, objective: "0" })),
    exclusions: base.exclusions.map((excluded) => ({ ...excluded, reason: "1", approvedBy: "2" })),
    changes: CHANGED_FIGURES.map((figure) => ({ objective: "1", figure, before: 0, now: null })),
    notes: [{ pipeline: "1", kind: "quarantined", rows: 1 }],
  };
}

/** Reports with figures of all sizes; names that hold no digits, so that every number is a figure. */
const reports: fc.Arbitrary<WeeklyReport> = fc
  .array(
    fc.record({
      good: fc.nat(5000),
      bad: fc.nat(200),
      previous: fc.nat(5000),
      verdict: fc.constantFrom<Verdict>("missed", "at_risk", "insufficient_data", "met"),
      kind: fc.constantFrom("success" as const, "freshness" as const, "volume" as const),
    }),
    { minLength: 1, maxLength: 12 },
  )
  .map((objectives) => {
    const base = fixtureReport();
    return {
      ...base,
      revision: 2,
      objectives: objectives.map(({ good, bad, previous, verdict, kind }, index) =>
        objective({
          id: "abcdefghijkl"[index] ?? "z",
          kind,
          share: { good, total: good + bad },
          fourWeeks: { good: good * 4, total: (good + bad) * 4 },
          previous: { good: previous, total: previous + 7 },
          verdict,
          reason: counted(bad, good + bad, 3),
          burnRate: bad / 10,
        }),
      ),
      changes: objectives.map(({ good }, index) => ({
        objective: "abcdefghijkl"[index] ?? "z",
        figure: "good" as const,
        before: good + 1,
        now: good,
      })),
    };
  });
