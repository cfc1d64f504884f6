import { headline, momentText, none, weekDates } from "@runledger/wording";
import { escaped } from "@runledger/mail";
import type { ComposedReport } from "../files/print-report.ts";
import type { WeeklyReport } from "@runledger/sla";
import { recipientsOf } from "../delivery/send-report.ts";
import { page } from "./html-page.ts";
import { revisionText, type DeliveryRow, type Preview } from "./preview.ts";
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
    `<p class="quiet"><a href="/">All reports</a></p>
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
<pre>${escaped(composed.mail.text)}</pre>`,
  );
}

function masthead(report: WeeklyReport): string {
  const { agreement, week, objectives } = report;
  return `<p class="quiet over">${escaped(agreement.customer)} · ${week.id} · ${weekDates(week)}</p>
<h1>${escaped(agreement.title)}</h1>
<p class="verdict v-${worstVerdict(report)}">${escaped(headline(objectives))}</p>`;
}

function facts(preview: Preview, { name, mail, workbook, eml }: ComposedReport): string {
  const { to, cc } = preview.agreement.report;
  const rows = [
    ["Report", revisionText(preview)],
    ["Goes out", dispatch(preview)],
    ["Subject", escaped(mail.subject)],
    ["To", to.map(escaped).join(", ")],
    ...(cc.length > 0 ? [["Cc", cc.map(escaped).join(", ")]] : []),
    ["Files", `${download(`${name}.xlsx`, workbook)}<br>${download(`${name}.eml`, eml)}`],
  ];
  return `<dl>${rows.map(([term, detail]) => `<dt>${term}</dt><dd>${detail}</dd>`).join("\n")}</dl>`;
}

function download(file: string, { length }: Buffer): string {
  return `<a href="${file}" download>${file}</a> <span class="quiet">${Math.ceil(length / 1000)} KB</span>`;
}

function deliveryTable(preview: Preview, deliveries: readonly DeliveryRow[]): string {
  const rows = [...messagesToCome(preview, deliveries), ...deliveries];
  return `<table>
<thead><tr><th>Recipient</th><th>Revision</th><th>Status</th><th>Attempts</th><th>Sent</th></tr></thead>
<tbody>
${rows.map((row) => deliveryRow(row, preview.report.week.timezone)).join("\n")}
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

function deliveryRow(row: DeliveryRow, timezone: string): string {
  const { recipient, revision, status, attempts, sentAt, lastError } = row;
  const error = lastError === null ? "" : `<br><span class="quiet">${escaped(lastError)}</span>`;
  return `<tr>
<td data-name="Recipient">${escaped(recipient)}</td>
<td data-name="Revision">${revision}</td>
<td data-name="Status">${escaped(status)}${error}</td>
<td data-name="Attempts">${attempts}</td>
<td data-name="Sent">${sentAt === null ? none : momentText(sentAt, timezone)}</td>
</tr>`;
}

/** The mail in a frame of its own, in which nothing runs. */
function screen(device: "desktop" | "phone", caption: string, { mail }: ComposedReport): string {
  return `<figure class="${device}">
<figcaption>${caption}</figcaption>
<div><iframe sandbox src="mail.html" title="${escaped(`${mail.subject}, ${caption.toLowerCase()}`)}"></iframe></div>
</figure>`;
}
