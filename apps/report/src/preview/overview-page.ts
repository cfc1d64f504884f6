import { weekDates } from "@runledger/wording";
import { escaped } from "@runledger/mail";
import { recipientsOf } from "../delivery/send-report.ts";
import { page } from "./html-page.ts";
import { revisionText, type Preview } from "./preview.ts";
import { dispatch, verdictBadge } from "./badges.ts";

/** All reports, a row each. */
export function overviewPage(previews: readonly Preview[]): string {
  return page(
    "Reports – preview",
    `<h1>Reports</h1>
<table>
<thead><tr><th>Agreement</th><th>Week</th><th>Verdict</th><th>Goes out</th><th>To</th></tr></thead>
<tbody>
${previews.map(row).join("\n")}
</tbody>
</table>`,
  );
}

function row(preview: Preview): string {
  const { agreement, report } = preview;
  return `<tr>
<td data-name="Agreement"><a href="/${agreement.id}/">${escaped(report.agreement.title)}</a><br><span class="quiet">${escaped(report.agreement.customer)}</span></td>
<td data-name="Week">${report.week.id}, ${revisionText(preview)}<br><span class="quiet">${weekDates(report.week)}</span></td>
<td data-name="Verdict">${verdictBadge(report)}</td>
<td data-name="Goes out">${dispatch(preview)}</td>
<td data-name="To">${recipientsOf(agreement).map(escaped).join("<br>")}</td>
</tr>`;
}
