import { weekDates } from "@runledger/wording";
import { type Html, html, joined } from "@runledger/mail";
import { recipientsOf } from "../delivery/email/email-channel.ts";
import { page } from "./html-page.ts";
import { revisionText, type Preview } from "./make-preview.ts";
import { dispatch, verdictBadge } from "./badges.ts";

/** All reports, a row each. */
export function overviewPage(previews: readonly Preview[]): string {
  return page(
    "Reports – preview",
    html`<h1>Reports</h1>
<table>
<thead><tr><th>Agreement</th><th>Week</th><th>Verdict</th><th>Goes out</th><th>To</th></tr></thead>
<tbody>
${joined(previews.map(row), "\n")}
</tbody>
</table>`,
  );
}

function row(preview: Preview): Html {
  const { agreement, report } = preview;
  return html`<tr>
<td data-name="Agreement"><a href="/${agreement.id}/">${report.agreement.title}</a><br><span class="quiet">${report.agreement.customer}</span></td>
<td data-name="Week">${report.week.id}, ${revisionText(preview)}<br><span class="quiet">${weekDates(report.week)}</span></td>
<td data-name="Verdict">${verdictBadge(report)}</td>
<td data-name="Goes out">${dispatch(preview)}</td>
<td data-name="To">${joined(recipientsOf(agreement), html`<br>`)}</td>
</tr>`;
}
