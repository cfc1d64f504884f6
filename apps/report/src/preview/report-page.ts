import { headline, momentText, none, weekDates } from "@runledger/wording";
import { type Html, html, joined } from "@runledger/mail";
import type { ComposedReport } from "../files/print-report.ts";
import type { WeeklyReport } from "@runledger/sla";
import { recipientsOf } from "../delivery/email/email-channel.ts";
import { page } from "./html-page.ts";
import { revisionText, type DeliveryRow, type Preview } from "./make-preview.ts";
import { dispatch, worstVerdict } from "./badges.ts";

/** One report: how it stands, its files, its messages, and the mail as its readers will see it. */
export function reportPage(
  preview: Preview,
  composed: ComposedReport,
  deliveries: readonly DeliveryRow[],
): string {
  const { report } = preview;
  const { title } = report.agreement;
  return page(
    `${title} – preview`,
    html`<p class="quiet"><a href="/">All reports</a></p>
${masthead(report)}
${facts(preview, composed)}
<h2>Deliveries</h2>
${deliveryTable(preview, deliveries)}
<h2>The mail</h2>
<div class="screens">
${screen("desktop", "On a desktop", composed)}
${screen("phone", "On a phone", composed)}
</div>
<h2>Its text part</h2>
<pre>${composed.mail.text}</pre>`,
  );
}

function masthead(report: WeeklyReport): Html {
  const { agreement, week, objectives } = report;
  return html`<p class="quiet over">${agreement.customer} · ${week.id} · ${weekDates(week)}</p>
<h1>${agreement.title}</h1>
<p class="verdict v-${worstVerdict(report)}">${headline(objectives)}</p>`;
}

function facts(preview: Preview, { name, mail, workbook, eml }: ComposedReport): Html {
  const { to, cc } = preview.agreement.report;
  const rows: [term: string, detail: string | Html][] = [
    ["Report", revisionText(preview)],
    ["Goes out", dispatch(preview)],
    ["Subject", mail.subject],
    ["To", to.join(", ")],
    ["Cc", cc.join(", ")],
    ["Files", html`${download(`${name}.xlsx`, workbook)}<br>${download(`${name}.eml`, eml)}`],
  ];
  const entries = rows
    .filter(([, detail]) => detail !== "")
    .map(([term, detail]) => html`<dt>${term}</dt><dd>${detail}</dd>`);
  return html`<dl>${joined(entries, "\n")}</dl>`;
}

function download(file: string, { length }: Buffer): Html {
  return html`<a href="${file}" download>${file}</a> <span class="quiet">${Math.ceil(length / 1000)} KB</span>`;
}

function deliveryTable(preview: Preview, deliveries: readonly DeliveryRow[]): Html {
  const rows = [...messagesToCome(preview, deliveries), ...deliveries];
  const lines = rows.map((row) => deliveryRow(row, preview.report.week.timezone));
  return html`<table>
<thead><tr><th>Recipient</th><th>Revision</th><th>Status</th><th>Attempts</th><th>Sent</th></tr></thead>
<tbody>
${joined(lines, "\n")}
</tbody>
</table>`;
}

/** Of the recipients whom the ledger does not know with this revision. */
function messagesToCome({ agreement, report }: Preview, deliveries: readonly DeliveryRow[]): DeliveryRow[] {
  const { revision } = report;
  const known = new Set(
    deliveries.filter((row) => row.revision === revision).map(({ recipient }) => recipient),
  );
  return recipientsOf(agreement)
    .filter((recipient) => !known.has(recipient))
    .map((recipient) => ({
      recipient,
      revision,
      status: "not sent yet",
      attempts: 0,
      sentAt: null,
      lastError: null,
    }));
}

function deliveryRow(row: DeliveryRow, timezone: string): Html {
  const { recipient, revision, status, attempts, sentAt, lastError } = row;
  const error = lastError === null ? "" : html`<br><span class="quiet">${lastError}</span>`;
  return html`<tr>
<td data-name="Recipient">${recipient}</td>
<td data-name="Revision">${revision}</td>
<td data-name="Status">${status}${error}</td>
<td data-name="Attempts">${attempts}</td>
<td data-name="Sent">${sentAt === null ? none : momentText(sentAt, timezone)}</td>
</tr>`;
}

/** The mail in a frame of its own, in which nothing runs. */
function screen(device: "desktop" | "phone", caption: string, { mail }: ComposedReport): Html {
  return html`<figure class="${device}">
<figcaption>${caption}</figcaption>
<div><iframe sandbox src="mail.html" title="${mail.subject}, ${caption.toLowerCase()}"></iframe></div>
</figure>`;
}
