import mjml2html from "mjml";
import { verdicts } from "../verdict.ts";
import type { Digest, IncidentLine, ObjectiveLine } from "./digest.ts";
import { escaped } from "./escaped.ts";
import { mailStyles } from "./styles.ts";

/** The Content-ID of the trend chart. */
export const chartCid = "trend@runledger";

/** The HTML part. Tables and inline styles, as mail programs want it; it adapts to phones and dark screens. */
export async function mailHtml(digest: Digest): Promise<string> {
  const { html } = await mjml2html(markup(digest), {
    fonts: {},
    keepComments: false,
    validationLevel: "strict",
  });
  return html.replaceAll(/\n\s*/g, "\n");
}

function markup(digest: Digest): string {
  return `
<mjml lang="en">
  <mj-head>
    <mj-title>${escaped(digest.subject)}</mj-title>
    <mj-preview>${escaped(preheader(digest))}</mj-preview>
    ${mailStyles}
  </mj-head>
  <mj-body css-class="ground" background-color="#EEF1F5" width="600px">
    <mj-section padding="12px 0" />
    <mj-wrapper css-class="card" background-color="#FFFFFF" border-radius="10px" padding="0">
      ${section(masthead(digest))}
      ${section(verdictBanner(digest))}
      ${listed("Needs attention", digest.concerns.map(concern), digest.omitted.concerns)}
      ${section(objectiveTable(digest))}
      ${section(`${heading("Attained, last 13 weeks")}${chart(digest)}`)}
      ${listed("Incidents", incidents(digest.incidents), digest.omitted.incidents)}
      ${listed("About the data", digest.notes.map(escaped), digest.omitted.notes)}
      ${section(footer(digest))}
    </mj-wrapper>
    <mj-section padding="12px 0" />
  </mj-body>
</mjml>`;
}

function section(content: string): string {
  return `<mj-section css-class="part" padding="0 24px"><mj-column padding="0">${content}</mj-column></mj-section>`;
}

/** What an inbox shows beside the subject: the worst objective and why. */
function preheader({ headline, concerns }: Digest): string {
  const [worst] = concerns;
  return worst === undefined ? headline : `${headline}. ${worst.id}: ${worst.reason}`;
}

function masthead({ title, customer, period }: Digest): string {
  return `<mj-text css-class="quiet" padding="24px 0 0" font-size="13px" color="#5B6577">${escaped(customer)} · ${escaped(period)}</mj-text>
  <mj-text css-class="strong" padding="4px 0 16px" font-size="22px" line-height="28px" font-weight="600">${escaped(title)}</mj-text>`;
}

function verdictBanner({ worst, headline, revised }: Digest): string {
  const { ink, paper } = verdicts[worst];
  const line =
    revised === null
      ? ""
      : `<div style="font-size:13px;font-weight:400;padding-top:4px">${escaped(revised)}</div>`;
  return `<mj-table role="presentation" padding="0"><tr><td class="v-${worst}" style="background:${paper};color:${ink};border-left:5px solid ${ink};border-radius:4px;padding:14px 16px;font-size:20px;line-height:26px;font-weight:600">${escaped(capitalised(headline))}${line}</td></tr></mj-table>`;
}

function heading(words: string): string {
  return `<mj-text css-class="strong" padding="28px 0 8px" font-size="15px" font-weight="600">${words}</mj-text>`;
}

/** A heading over paragraphs; nothing when there are none. */
function listed(words: string, items: readonly string[], omitted: number): string {
  if (items.length === 0) return "";
  const rows = [...items, ...(omitted > 0 ? [more(omitted)] : [])].map(
    (item) => `<tr><td class="line" style="${cellLine};padding:10px 0">${item}</td></tr>`,
  );
  return section(
    `${heading(words)}<mj-table role="presentation" padding="0" line-height="20px">${rows.join("")}</mj-table>`,
  );
}

const cellLine = "border-top:1px solid #E3E7ED";
const quiet = 'class="quiet" style="color:#5B6577"';

function concern(objective: ObjectiveLine): string {
  return `${badge(objective)} <b>${escaped(objective.id)}</b> <span ${quiet}>${escaped(objective.pipeline)}</span><br>
  ${escaped(objective.standing)}<br>
  ${escaped(objective.reason)}<br>
  <span ${quiet}>${escaped(objective.definition)}</span>`;
}

function badge({ verdict, verdictLabel }: ObjectiveLine): string {
  const { ink, paper } = verdicts[verdict];
  return `<span class="v-${verdict}" style="background:${paper};color:${ink};border-radius:4px;padding:2px 7px;font-size:12px;font-weight:600;white-space:nowrap">${verdictLabel}</span>`;
}

function objectiveTable({ objectives, omitted }: Digest): string {
  const head = `<tr class="quiet" style="color:#5B6577;font-size:12px;text-align:right">
    <th style="${left}">Objective</th><th style="${right}">Attained</th><th style="${right}">Target</th>
    <th class="wide" style="${right}">4 weeks</th><th class="wide" style="${right}">Change</th><th style="${right}">Verdict</th></tr>`;
  const rows = objectives.map(
    (objective) => `<tr style="text-align:right">
    <td class="line" style="${cellLine};${left}">${escaped(objective.id)}</td>
    <td class="line" style="${cellLine};${right}"><b>${objective.attained}</b></td>
    <td class="line" style="${cellLine};${right}">${objective.target}</td>
    <td class="line wide" style="${cellLine};${right}">${objective.fourWeeks}</td>
    <td class="line wide" style="${cellLine};${right}">${objective.change}</td>
    <td class="line" style="${cellLine};${right}">${badge(objective)}</td></tr>`,
  );
  const rest =
    omitted.objectives > 0
      ? `<tr><td class="line" colspan="6" style="${cellLine};padding:8px 0">${more(omitted.objectives)}</td></tr>`
      : "";
  return `${heading("All objectives")}<mj-table padding="0" line-height="20px">${head}${rows.join("")}${rest}</mj-table>`;
}

const left = "padding:8px 0;text-align:left;word-break:break-word";
const right = "padding:8px 0 8px 10px;text-align:right";

function chart({ chartAlt, omitted }: Digest): string {
  const image = `<mj-image padding="0" src="cid:${chartCid}" alt="${escaped(chartAlt)}" width="552px" border-radius="4px" />`;
  return omitted.charted > 0
    ? `${image}<mj-text padding="8px 0 0">${more(omitted.charted)}</mj-text>`
    : image;
}

function incidents(lines: readonly IncidentLine[]): string[] {
  return lines.length === 0 ? [`<span ${quiet}>None this week.</span>`] : lines.map(incident);
}

function incident({ objective, pipeline, when, what, error }: IncidentLine): string {
  return `<b>${escaped(objective)}</b> <span ${quiet}>${escaped(pipeline)}</span><br>
  ${escaped(when)}<br>${escaped(what)}${error === null ? "" : `<br><span ${quiet}>${escaped(error)}</span>`}`;
}

function more(count: number): string {
  return `<span ${quiet}>… and ${count} more in the workbook</span>`;
}

function footer({ provenance }: Digest): string {
  const lines = provenance.map(([name, value]) => `${name}: ${escaped(value)}`);
  return `<mj-text css-class="quiet" padding="28px 0 24px" font-size="12px" line-height="18px" color="#5B6577">
    Everything behind these figures is in the attached workbook.<br>${lines.join("<br>")}<br>
    To stop these mails, reply with the subject “unsubscribe”.</mj-text>`;
}

function capitalised(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
