import { type Language, verdictColours } from "@runledger/wording";
import type { Digest } from "./digest.ts";
import { type Html, html, joined } from "./html.ts";
import type { IncidentLine } from "./incident-line.ts";
import type { Line, Truncated } from "./truncated.ts";
import type { ObjectiveLine } from "./objective-line.ts";
import { mailStyles } from "./mail-styles.ts";

/** The Content-ID of the trend chart. */
export const chartCid = "trend@runledger";

/** The HTML part. Tables and inline styles, as mail programs want it; it adapts to phones and dark screens. */
export async function mailHtml(digest: Digest, hasChart = true): Promise<string> {
  // Half a second to load, and most commands make no mail.
  const { default: mjml2html } = await import("mjml");
  const { html: inlined } = await mjml2html(markup(digest, hasChart).toString(), {
    fonts: {},
    keepComments: false,
    validationLevel: "strict",
  });
  return inlined.replaceAll(/\n\s*/g, "\n");
}

function markup(digest: Digest, hasChart: boolean): Html {
  const { language, revision, concerns, sinceLastWeek, incidents, exclusions, notes } = digest;
  const { headings } = language.mail;
  const list = (words: string, items: readonly Html[], omitted: number) =>
    section(words, items, omitted, language);
  const lines = (words: string, listing: Truncated<Line> | null) =>
    listing === null ? "" : list(words, listing.items.map(line), listing.omitted);
  return html`
<mjml lang="${language.notation.locale}">
  <mj-head>
    <mj-title>${digest.subject}</mj-title>
    <mj-preview>${preheader(digest)}</mj-preview>
    ${mailStyles}
  </mj-head>
  <mj-body css-class="ground" background-color="#EEF1F5" width="600px">
    <mj-section padding="12px 0" />
    <mj-section css-class="card part" background-color="#FFFFFF" border-radius="10px" padding="0 24px">
      <mj-column padding="0">
        ${verdictBanner(digest)}
        ${masthead(digest)}
        ${revision === null ? "" : lines(revision.heading, revision.changes)}
        ${list(headings.concerns, concerns.items.map(concern), concerns.omitted)}
        ${objectiveTable(digest)}
        ${lines(headings.sinceLastWeek, sinceLastWeek)}
        ${chart(digest, hasChart)}
        ${list(headings.incidents, incidentItems(digest), incidents.omitted)}
        ${lines(headings.exclusions, exclusions)}
        ${lines(headings.notes, notes)}
        ${footer(digest)}
      </mj-column>
    </mj-section>
    <mj-section padding="12px 0" />
  </mj-body>
</mjml>`;
}

/** What an inbox shows beside the subject: the worst objective and why. */
function preheader({ headline, concerns }: Digest): string {
  const [worst] = concerns.items;
  return worst === undefined ? headline : `${headline}. ${worst.id}: ${worst.reason}`;
}

function verdictBanner({ worst, headline, revision }: Digest): Html {
  const { ink, paper } = verdictColours[worst];
  const replaces =
    revision === null
      ? ""
      : html`<div style="font-size:13px;line-height:18px;font-weight:400;padding-top:4px">${revision.replaces}</div>`;
  return html`<mj-table role="presentation" padding="24px 0 0"><tr><td class="v-${worst}" style="background:${paper};color:${ink};border-left:5px solid ${ink};border-radius:4px;padding:14px 16px;font-size:20px;line-height:26px;font-weight:600">${headline}${replaces}</td></tr></mj-table>`;
}

function masthead({ title, customer, period }: Digest): Html {
  return html`<mj-text css-class="strong" padding="16px 0 0" font-size="18px" line-height="24px" font-weight="600">${title}</mj-text>
  <mj-text css-class="quiet" padding="2px 0 0" font-size="13px" color="#5B6577">${customer} · ${period}</mj-text>`;
}

function heading(words: string): Html {
  return html`<mj-text css-class="strong" padding="28px 0 8px" font-size="15px" font-weight="600">${words}</mj-text>`;
}

/** A heading over paragraphs; nothing when there are none. */
function section(words: string, items: readonly Html[], omitted: number, language: Language): Html | "" {
  if (items.length === 0) return "";
  const rows = [...items, ...(omitted > 0 ? [more(omitted, language)] : [])].map(
    (item) => html`<tr><td class="line" style="${cellLine};padding:10px 0">${item}</td></tr>`,
  );
  return html`${heading(words)}<mj-table role="presentation" padding="0" line-height="20px">${rows}</mj-table>`;
}

const cellLine = "border-top:1px solid #E3E7ED";
const quiet = html`class="quiet" style="color:#5B6577"`;

function line({ lead, rest }: Line): Html {
  return lead === null ? html`${rest}` : html`<b>${lead}</b> ${rest}`;
}

function concern(objective: ObjectiveLine): Html {
  const cause = objective.cause === null ? "" : html`${objective.cause}<br>`;
  return html`${badge(objective)} <b>${objective.id}</b> <span ${quiet}>${objective.pipeline}</span><br>
  ${objective.standing}<br>
  ${objective.reason}<br>
  ${cause}<span ${quiet}>${objective.definition}</span>`;
}

function badge({ verdict, verdictLabel }: ObjectiveLine): Html {
  const { ink, paper } = verdictColours[verdict];
  return html`<span class="v-${verdict}" style="background:${paper};color:${ink};border-radius:4px;padding:2px 7px;font-size:12px;font-weight:600;white-space:nowrap">${verdictLabel}</span>`;
}

function objectiveTable({ objectives: { items, omitted }, language }: Digest): Html {
  const { headings, columns } = language.mail;
  const head = html`<tr class="quiet" style="color:#5B6577;font-size:12px">
    <th align="left" style="${left}">${columns.objective}</th><th align="right" style="${right}">${columns.attained}</th><th align="right" style="${right}">${columns.target}</th>
    <th align="right" class="wide" style="${right}">${columns.fourWeeks}</th><th align="right" class="wide" style="${right}">${columns.change}</th><th align="right" style="${right}">${columns.verdict}</th></tr>`;
  const rows = items.map(
    (objective) => html`<tr>
    <td class="line" style="${cellLine};${left}">${objective.id}</td>
    <td class="line" align="right" style="${cellLine};${right}"><b>${objective.attained}</b></td>
    <td class="line" align="right" style="${cellLine};${right}">${objective.target}</td>
    <td class="line wide" align="right" style="${cellLine};${right}">${objective.fourWeeks}</td>
    <td class="line wide" align="right" style="${cellLine};${right}">${objective.change}</td>
    <td class="line" align="right" style="${cellLine};${right}">${badge(objective)}</td></tr>`,
  );
  const rest =
    omitted > 0
      ? html`<tr><td class="line" colspan="6" style="${cellLine};padding:8px 0">${more(omitted, language)}</td></tr>`
      : "";
  return html`${heading(headings.objectives)}<mj-table padding="0" line-height="20px">${head}${rows}${rest}</mj-table>`;
}

const left = "padding:8px 0";
/** A figure never breaks, so names do: on phones they get what is left. */
const right = "padding:8px 0 8px 10px;white-space:nowrap";

function chart({ chart: { heading: words, alt, omitted }, language }: Digest, hasChart: boolean): Html {
  const image = hasChart
    ? html`<mj-image padding="0" src="cid:${chartCid}" alt="${alt}" width="552px" border-radius="4px" />`
    : html`<mj-text>${alt}</mj-text>`;
  const rest = omitted > 0 ? html`<mj-text padding="8px 0 0">${more(omitted, language)}</mj-text>` : "";
  return html`${heading(words)}${image}${rest}`;
}

function incidentItems({ incidents: { items }, language }: Digest): Html[] {
  return items.length === 0
    ? [html`<span ${quiet}>${language.mail.noIncidents}</span>`]
    : items.map(incident);
}

function incident({ objective, pipeline, when, what, error }: IncidentLine): Html {
  return html`<b>${objective}</b> <span ${quiet}>${pipeline}</span><br>
  ${when}<br>${what}${error === null ? "" : html`<br><span ${quiet}>${error}</span>`}`;
}

function more(count: number, { mail }: Language): Html {
  return html`<span ${quiet}>${mail.more(count)}</span>`;
}

function footer({ provenance, workbook, unsubscribeUrl, language }: Digest): Html {
  const { unsubscribe } = language.mail;
  const lines = provenance.map(([name, value]) => html`${name}: ${withLink(value)}`);
  return html`<mj-text css-class="quiet" padding="28px 0 24px" font-size="12px" line-height="18px" color="#5B6577">
    ${workbook}<br>${joined(lines, html`<br>`)}<br>
    <a class="quiet" href="${unsubscribeUrl}" style="color:#5B6577">${unsubscribe}</a></mj-text>`;
}

/** An e-mail address can be written to by a click. */
function withLink(value: string): Html {
  if (!/^[^\s@]+@[^\s@]+$/.test(value)) return html`${value}`;
  return html`<a class="quiet" href="mailto:${value}" style="color:#5B6577">${value}</a>`;
}
