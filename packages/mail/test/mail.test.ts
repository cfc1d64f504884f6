import { simpleParser } from "mailparser";
import MimeNode from "nodemailer/lib/mime-node";
import { beforeAll, describe, expect, it } from "vitest";
import { type Incident, type WeeklyReport, microsOf } from "@runledger/sla";
import { english, languages } from "@runledger/wording";
import { composeMail as composeMailForAll } from "../src/compose-mail.ts";
import type { MailOptions } from "../src/compose-mail.ts";
import { cutAtUnsubscribePlaces, unsubscribePlace } from "../src/unsubscribe-place.ts";
import { fixtureReport, objective } from "@runledger/sla/testing/fixture-report";

const options: MailOptions & { recipient: string; workbook: Buffer } = {
  from: "Runledger <sla@acme.example>",
  to: ["controlling@acme.example"],
  recipient: "controlling@acme.example",
  contact: null,
  language: english,
  workbook: Buffer.from("the workbook's bytes"),
  workbookName: "finance-daily-close-2026-W12-r1.xlsx",
};

/** The mail and the message that one recipient gets. */
async function composeMail(report: WeeklyReport, { recipient, ...rest }: typeof options) {
  const mail = await composeMailForAll(report, rest);
  const { messageId, compose } = mail.messageFor(recipient);
  return { ...mail, messageId, eml: compose() };
}

describe("the mail of a week", () => {
  let mail: Awaited<ReturnType<typeof composeMail>>;
  beforeAll(async () => {
    mail = await composeMail(fixtureReport(), options);
  });

  it("nests text and HTML beside the chart, and the workbook beside them all", () => {
    const types = [...mail.eml.toString("latin1").matchAll(/^Content-Type:\s+([\w/.+-]+)/gm)].map(
      ([, type]) => type,
    );
    expect(types).toEqual([
      "multipart/mixed",
      "multipart/related",
      "multipart/alternative",
      "text/plain",
      "text/html",
      "image/png",
      "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ]);
    expect(closings(mail.eml)).toEqual(["Part_3", "Part_2", "Part_1"]);
  });

  it("carries the workbook under its name and the chart under the id the HTML asks for", async () => {
    const { attachments, html } = await simpleParser(mail.eml, { skipImageLinks: true });
    const [chart, workbook] = attachments;
    expect(chart).toMatchObject({ contentType: "image/png", contentDisposition: "inline", related: true });
    expect(html).toContain(`src="cid:${chart?.cid}"`);
    expect(workbook).toMatchObject({ filename: options.workbookName, contentDisposition: "attachment" });
    expect(workbook?.content.equals(options.workbook)).toBe(true);
  });

  it("leaves out a workbook that is too large for a mail, and names it", async () => {
    const large = await composeMail(fixtureReport(), { ...options, workbook: Buffer.alloc(15_000_001) });
    const { attachments, text = "" } = await simpleParser(large.eml);
    expect(attachments.map(({ filename }) => filename)).toEqual(["trend.png"]);
    expect(text.replaceAll(/\s+/g, " ")).toContain(
      `the workbook ${options.workbookName}, which is too large for a mail (16 MB)`,
    );
  });

  it("arrives as it was composed", async () => {
    const parsed = await simpleParser(mail.eml, { skipImageLinks: true });
    expect(parsed.subject).toBe("[SLA] Finance daily close — 2026-W12 (16–22 Mar 2026): 1 of 5 missed");
    expect(parsed.from?.value[0]?.address).toBe("sla@acme.example");
    expect(parsed.date).toEqual(fixtureReport().asOf);
    expect(parsed.text?.trim()).toBe(mail.text.trim());
    expect(parsed.html).toBe(mail.html);
  });

  it("is marked as sent by a machine, and says how to make it stop", async () => {
    const { headerLines } = await simpleParser(mail.eml);
    const lines = headerLines.map(({ line }) => line);
    expect(lines).toContain("Auto-Submitted: auto-generated");
    expect(lines).toContain("List-Unsubscribe: <mailto:sla@acme.example?subject=unsubscribe>");
  });

  it("says the same figures in HTML and text", () => {
    const shown = visibleText(mail.html);
    for (const figure of [
      "7 of 168 runs failed or took longer than 45 min; 8 were allowed",
      "1 of 5 due days missed the deadline; none was allowed",
      "Worst day: Wed 18 Mar, 46 min 40 s late. First to fail: Load orders",
      "80.00%",
      "95.83%",
      "97.47%",
      "−20.00 pp",
      "+0.60 pp",
      "4 of 5 days",
      "161 of 168 runs",
      "23 h 21 min",
      "Load orders",
    ]) {
      expect(mail.text).toContain(figure);
      expect(shown).toContain(figure);
    }
  });

  it("gives the verdict first and the worst objective before the others", () => {
    const shown = visibleText(mail.html);
    const places = ["1 of 5 missed", "1 of 5 due days", "7 of 168 runs failed", "All objectives"].map(
      (words) => shown.indexOf(words),
    );
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(places).not.toContain(-1);
    expect(mail.text.split("\n")[0]).toBe("1 OF 5 MISSED");
    expect(mail.html).toMatch(/<body[\s\S]*?>1 of 5 missed\. by-six: 1 of 5 due days/i);
  });

  it("tells what changed since the week before: verdicts, then what was attained", () => {
    expect(blockOf(mail.text, "SINCE LAST WEEK")).toEqual([
      "* by-six: newly missed, 100.00% → 80.00% (−20.00 pp)",
      "* fast: met → at risk, 98.80% → 95.83% (−2.97 pp)",
      "* enough: met → insufficient data, 100.00% → –",
      "Attained, with the same verdict: succeeds +0.60 pp.",
    ]);
  });

  it("tells what was excluded, by whom, and what is to be known of the data", () => {
    expect(blockOf(mail.text, "EXCLUSIONS")).toEqual([
      "* Tue 17 Mar 2026, 04:30 – 06:30: Maintenance, approved by change-board",
    ]);
    expect(visibleText(mail.html)).toContain("04:30 – 06:30 Maintenance, approved by change-board");
    expect(visibleText(mail.html)).toContain("2 rows of its run log could not be read and are not counted.");
  });

  it("ends with its revision, as-of, contact and a way to unsubscribe", async () => {
    const asked = await composeMail(fixtureReport(), { ...options, contact: "data@acme.example" });
    expect(mail.text).toContain("Contact: reply to this mail");
    expect(asked.text).toContain("Report: Revision 1, as of Mon 23 Mar 2026, 06:00");
    expect(asked.text).toContain("Contact: data@acme.example");
    expect(hrefsOf(asked.html)).toEqual([
      "mailto:data@acme.example",
      "mailto:sla@acme.example?subject=unsubscribe",
    ]);
  });

  it("keeps the lines of the text part within 78 columns", () => {
    expect(Math.max(...mail.text.split("\n").map((line) => line.length))).toBeLessThanOrEqual(78);
  });

  it("escapes what comes from the source", () => {
    expect(mail.html).not.toContain("<timeout>");
    expect(visibleText(mail.html)).toContain("<timeout> & given up");
  });

  it("adapts to dark screens and describes its picture", () => {
    expect(mail.html).toContain('<meta name="color-scheme" content="light dark">');
    expect(mail.html).toContain("prefers-color-scheme: dark");
    expect(mail.html).toMatch(/<img[^>]*\salt="[^"]*by-six 80\.00%/);
    expect(mail.html).not.toContain("<svg");
  });

  it("offers the HTML as a page that needs nothing else", () => {
    expect(mail.page).toContain('src="data:image/webp;base64,');
    expect(mail.page).not.toContain("cid:");
  });
});

describe("the subject", () => {
  it.each([
    ["all 5 met", ["met", "met", "met", "met", "met"]],
    ["all 2 met, 1 at risk", ["met", "at_risk"]],
    ["1 of 1 met", ["met"]],
    ["insufficient data", ["insufficient_data"]],
    ["1 of 2 met, 1 with insufficient data", ["met", "insufficient_data"]],
    ["insufficient data for all 2", ["insufficient_data", "insufficient_data"]],
    ["2 of 3 missed", ["missed", "missed", "met", "not_in_force"]],
    ["not in force yet", ["not_in_force"]],
  ] as const)("says %s", async (words, verdicts) => {
    const objectives = verdicts.map((verdict, index) => objective({ id: `o${index}`, verdict }));
    const { subject } = await composeMail(fixtureReport({ objectives, trend: [] }), options);
    expect(subject.split(": ")[1]).toBe(words);
  });
});

describe("a revision", () => {
  it("says so in front and refers to the first", async () => {
    const first = await composeMail(fixtureReport(), options);
    const second = await composeMail(fixtureReport({ revision: 2 }), options);
    const parsed = await simpleParser(second.eml);
    expect(parsed.subject).toMatch(/^REVISED r2 \[SLA\]/);
    expect(parsed.references).toBe(first.messageId);
    expect(visibleText(second.html)).toContain("Revision 2.");
  });

  it("lists the figures it changed, objective by objective, with the decimals that tell them apart", async () => {
    const { text } = await composeMail(
      fixtureReport({
        revision: 2,
        changes: [
          { objective: "by-six", figure: "verdict", before: "met", now: "missed" },
          { objective: "by-six", figure: "attained", before: 1, now: 0.8 },
          { objective: "by-six", figure: "good", before: 5, now: 4 },
          { objective: "fresh", figure: "good", before: null, now: 604_800 },
          { objective: "fresh", figure: "attained", before: 0.99512345, now: 0.99512399 },
          { objective: "fast", figure: "mean_time_to_recover", before: 5_400_000, now: 3_600_000 },
          { objective: "fast", figure: "mean_time_between_failures", before: 90_000_000, now: 90_007_000 },
        ],
      }),
      options,
    );
    expect(blockOf(text, "WHAT REVISION 2 CHANGED")).toEqual([
      "* by-six: verdict met → missed; attained 100.00% → 80.00%; good 5 → 4",
      "* fresh: good – → 7 d; attained 99.512345% → 99.512399%",
      "* fast: mean time to recover 1 h 30 min → 1 h; mean time between failures 25 h",
      "  → 25 h 7 s",
    ]);
  });

  it("says why, and which exclusions were entered after the fact", async () => {
    const [exclusion] = fixtureReport().exclusions;
    const { text } = await composeMail(
      fixtureReport({
        revision: 2,
        causes: ["late_rows", "exclusions"],
        exclusions: exclusion ? [{ ...exclusion, isRetroactive: true }] : [],
      }),
      options,
    );
    const onOneLine = text.replaceAll(/\s+/g, " ");
    expect(onOneLine).toContain(
      "It replaces the report sent earlier for this week: runs came in late or changed; ",
    );
    expect(onOneLine).toContain("entered after the fact");
  });

  it("says so when only rows of evidence changed", async () => {
    const { text } = await composeMail(fixtureReport({ revision: 2 }), options);
    expect(text).toContain("No figure of an objective; only the evidence or the words beside them.");
  });

  it("is the first one only once: it refers to nothing", async () => {
    expect(
      (await simpleParser((await composeMail(fixtureReport(), options)).eml)).references,
    ).toBeUndefined();
  });
});

describe("incidents", () => {
  const [closed, open] = fixtureReport().incidents;
  if (closed === undefined || open === undefined) throw new Error("the fixture has two incidents");
  const linesOf = async (incidents: readonly Incident[], language = english) => {
    const { text } = await composeMail(fixtureReport({ incidents }), { ...options, language });
    return text.split("\n");
  };

  it("are told in order of time", async () => {
    const lines = await linesOf([open, closed]);
    const places = ["* by-six", "* fast"].map((start) =>
      lines.findLastIndex((line) => line.startsWith(start)),
    );
    expect(places[0]).toBeLessThan(places[1] ?? 0);
  });

  it("are, of many, those that took most of the week, in order of time", async () => {
    const many = Array.from({ length: 12 }, (_, index) => ({
      ...closed,
      openedAt: closed.openedAt + index * 1e6,
      objective: `of-${index}`,
      inWeekMs: index === 1 ? 0 : (index + 1) * 1000,
    }));
    const told = (await linesOf(many)).flatMap((line) => /^\* (of-\d+)/.exec(line)?.[1] ?? []);
    expect(told).toEqual(["of-4", "of-5", "of-6", "of-7", "of-8", "of-9", "of-10", "of-11"]);
  });

  it("last to the end of the week while they are open, and say so", async () => {
    expect(await linesOf([open])).toContain(
      "  Sun 22 Mar 2026, 21:10 · 2 h 50 min · open at the end of the week",
    );
    expect(await linesOf([open], languages["de-DE"])).toContainEqual(
      expect.stringContaining("21:10 · 2 h 50 min · am Ende der Woche offen"),
    );
  });

  it("say that they opened in an earlier week", async () => {
    const before = {
      ...open,
      openedAt: microsOf(new Date("2026-03-15T22:00:00Z")),
      lastedMs: 169 * 3_600_000,
    };
    const line = (await linesOf([before])).find((each) => each.includes("15 Mar 2026"));
    expect(line).toContain("23:00 · 7 d 1 h · opened in an earlier week");
  });
});

it.each([
  ["recovered", "missed", "met"],
  ["recovered", "missed", "at_risk"],
  ["newly missed", "at_risk", "missed"],
  ["insufficient data → missed", "insufficient_data", "missed"],
] as const)("calls an objective %s that was %s and is %s", async (words, before, verdict) => {
  const trend = [{ week: "2026-W11", objective: "a", share: { good: 1, total: 2 }, verdict: before }];
  const report = fixtureReport({ objectives: [objective({ id: "a", verdict })], trend });
  const { text } = await composeMail(report, options);
  expect(blockOf(text, "SINCE LAST WEEK")).toEqual([`* a: ${words}, 98.80% → 99.40% (+0.60 pp)`]);
});

it("compares with no week before the first in force", async () => {
  const trend = fixtureReport().trend.map((point) =>
    point.week === "2026-W11" ? { ...point, verdict: "not_in_force" as const } : point,
  );
  expect((await composeMail(fixtureReport({ trend }), options)).text).not.toContain("SINCE LAST WEEK");
});

describe("the Message-ID", () => {
  const idOf = async (report: Partial<WeeklyReport> = {}, more: Partial<typeof options> = {}) =>
    (await simpleParser((await composeMail(fixtureReport(report), { ...options, ...more })).eml)).messageId;

  it("stays the same for agreement, week, revision and recipient, whatever else changes", async () => {
    expect(await idOf({ asOf: new Date("2026-04-01T00:00:00Z") }, { from: "other@acme.example" })).toBe(
      await idOf(),
    );
  });

  it("differs by agreement, week, revision and recipient", async () => {
    const { agreement, week } = fixtureReport();
    const ids = await Promise.all([
      idOf(),
      idOf({ agreement: { ...agreement, id: "other" } }),
      idOf({ week: { ...week, id: "2026-W13" } }),
      idOf({ revision: 2 }),
      idOf({}, { recipient: "other@acme.example" }),
    ]);
    expect(new Set(ids).size).toBe(5);
  });
});

it("gives the same bytes for the same report and options", async () => {
  const [first, second] = [
    await composeMail(fixtureReport(), options),
    await composeMail(fixtureReport(), options),
  ];
  expect(first.eml.equals(second.eml)).toBe(true);
});

it.each(Object.entries(languages))(
  "keeps the HTML under 80 KB and the text in its columns, however bad the week: %s",
  async (_tag, language) => {
    const long = "a&\"<very long>'".repeat(200);
    const objectives = Array.from({ length: 120 }, (_, index) =>
      objective({
        id: `o${index}-${long}`,
        pipelineName: long,
        verdict: "missed",
      }),
    );
    const incidents = Array.from({ length: 300 }, () => ({
      objective: long,
      pipelineUuid: "p",
      pipelineName: long,
      openedAt: Date.parse("2026-03-18T05:10:00Z") * 1000,
      closedAt: null,
      lastedMs: 0,
      inWeekMs: 0,
      badEvents: 3,
      firstFailedTaskUuid: null,
      firstFailedTask: long,
      errorMessage: long,
    }));
    const mail = await composeMail(
      fixtureReport({
        agreement: { ...fixtureReport().agreement, title: long, customer: long },
        revision: 2,
        objectives,
        incidents,
        trend: objectives.flatMap(({ id, share }) => [
          { week: "2026-W11", objective: id, share, verdict: "met" as const },
          { week: "2026-W12", objective: id, share, verdict: "missed" as const },
        ]),
        exclusions: Array.from({ length: 50 }, (_, hour) => ({
          start: new Date(Date.parse("2026-03-17T00:00:00Z") + hour * 3_600_000),
          end: new Date("2026-03-20T00:00:00Z"),
          reason: long,
          approvedBy: long,
          kind: "once" as const,
          isRetroactive: false,
        })),
        changes: objectives.flatMap(({ id }) =>
          (["verdict", "target", "attained", "good", "total"] as const).map((figure) => ({
            objective: id,
            figure,
            before: 0.123456,
            now: 0.654321,
          })),
        ),
        notes: Array.from({ length: 50 }, () => ({ pipeline: long, kind: "quarantined" as const, rows: 2 })),
      }),
      { ...options, contact: long, language },
    );
    expect(Buffer.byteLength(mail.html)).toBeLessThan(80_000);
    expect(mail.text).toContain(language.mail.more(292));
    expect(Math.max(...mail.text.split("\n").map((line) => line.length))).toBeLessThanOrEqual(78);
  },
);

it("cannot be made to carry another header", async () => {
  const agreement = { ...fixtureReport().agreement, title: "Close\r\nBcc: thief@evil.example" };
  const { headers } = await simpleParser((await composeMail(fixtureReport({ agreement }), options)).eml);
  expect(headers.has("bcc")).toBe(false);
});

function closings(eml: Buffer): (string | undefined)[] {
  return [...eml.toString("latin1").matchAll(/^--.*-(Part_\d)--\r?$/gm)].map(([, part]) => part);
}

/** The lines of the text part below a heading. */
function blockOf(text: string, heading: string): string[] {
  const block = text.split("\n\n").find((each) => each.startsWith(heading)) ?? "";
  return block.trimEnd().split("\n").slice(2);
}

function hrefsOf(html: string): (string | undefined)[] {
  return [...html.matchAll(/href="([^"]*)"/g)].map(([, href]) => href);
}

/** The HTML as read: no markup, references resolved. */
function visibleText(html: string): string {
  return html
    .replaceAll(/<style[\s\S]*?<\/style>|<[^>]*>/g, "")
    .replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)));
}

describe("the link to unsubscribe", () => {
  const link = (recipient: string) =>
    `https://status.acme.example/unsubscribe?token=${recipient.replaceAll(/\W/gu, "_")}.${"x".repeat(80)}`;

  it("is each recipient's own, with one click", async () => {
    const mail = await composeMailForAll(fixtureReport(), { ...options, unsubscribeLink: link });
    for (const recipient of ["a@acme.example", "b@acme.example"]) {
      const { headers } = await simpleParser(mail.messageFor(recipient).compose());
      expect(headers.get("list")).toMatchObject({
        unsubscribe: { url: link(recipient), mail: "sla@acme.example?subject=unsubscribe" },
        "unsubscribe-post": { name: "List-Unsubscribe=One-Click" },
      });
    }
  });

  it("stands where its place is, wherever the encoding breaks lines", async () => {
    const lines = Array.from({ length: 120 }, (_, index) => `${"é".repeat(index)}<${unsubscribePlace}>=.`);
    const part = new MimeNode("text/plain; charset=utf-8", { newline: "win" })
      .setHeader("Content-Transfer-Encoding", "quoted-printable")
      .setContent(lines.join("\n"));
    const filled = Buffer.concat(cutAtUnsubscribePlaces(await part.build())(link("a@acme.example")));
    const { text } = await simpleParser(filled);
    expect(text?.trimEnd()).toBe(lines.join("\n").replaceAll(unsubscribePlace, link("a@acme.example")));
    expect(
      Math.max(
        ...filled
          .toString("latin1")
          .split("\r\n")
          .map((line) => line.length),
      ),
    ).toBeLessThan(77);
  });
});
