import { darkVerdicts } from "@runledger/mail";
import { verdictColours } from "@runledger/wording";

export const stylesheetPath = "/preview.css";

/** The look of the mail, for pages. */
export const stylesheet = `
:root { color-scheme: light dark; --ground: #EEF1F5; --card: #FFFFFF; --ink: #1F2A44; --quiet: #5B6577; --line: #E3E7ED; --link: #1D4ED8; }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 15px/22px -apple-system, "Segoe UI", Roboto, Helvetica, Arial, sans-serif; }
main { width: min(1240px, 100% - 40px); margin: 20px auto; padding: 24px; background: var(--card); border-radius: 10px; }
.notice { margin: 0; padding: 10px 24px; background: #1F2A44; color: #FFFFFF; font-size: 13px; text-align: center; }
h1 { margin: 0 0 16px; font-size: 22px; line-height: 28px; font-weight: 600; }
h2 { margin: 32px 0 8px; font-size: 16px; font-weight: 600; }
p { margin: 0 0 4px; }
.over { margin-top: 12px; }
a { color: var(--link); }
.quiet { color: var(--quiet); font-size: 13px; }
.verdict { margin: 0 0 16px; padding: 14px 16px; border-left: 5px solid; border-radius: 4px; font-size: 20px; line-height: 26px; font-weight: 600; }
.verdict::first-letter, .badge::first-letter { text-transform: uppercase; }
.badge { display: inline-block; padding: 2px 8px; border-radius: 4px; font-size: 13px; font-weight: 600; }
dl { display: grid; grid-template-columns: 110px 1fr; gap: 6px 16px; margin: 0; }
dt { color: var(--quiet); }
dd { margin: 0; overflow-wrap: anywhere; }
table { width: 100%; border-collapse: collapse; }
th { padding: 6px 16px 6px 0; color: var(--quiet); font-size: 13px; font-weight: 400; text-align: left; }
td { padding: 8px 16px 8px 0; border-top: 1px solid var(--line); vertical-align: top; overflow-wrap: break-word; }
.screens { display: flex; gap: 24px; }
figure { margin: 0; min-width: 0; }
figcaption { padding-bottom: 6px; color: var(--quiet); font-size: 13px; }
figure div { border: 1px solid var(--line); border-radius: 10px; overflow: hidden; }
iframe { display: block; width: 100%; height: 844px; border: 0; }
.desktop { flex: 1; }
.desktop div { overflow-x: auto; }
.desktop iframe { min-width: 680px; }
.phone { flex: 0 0 392px; }
pre { margin: 0; padding: 16px; border: 1px solid var(--line); border-radius: 10px; overflow-x: auto; font: 13px/19px ui-monospace, "SF Mono", Menlo, Consolas, monospace; }
${verdictRules(verdictColours)}
@media (max-width: 1180px) { .screens { flex-direction: column; } .phone { order: -1; flex: none; max-width: 392px; } }
@media (max-width: 720px) {
  main { width: auto; margin: 0; padding: 16px; border-radius: 0; }
  dl { display: block; } dd { margin-bottom: 8px; }
  thead { display: none; } tr { display: block; padding: 8px 0; border-top: 1px solid var(--line); }
  tbody tr:first-child { border: 0; }
  td { display: block; overflow-wrap: anywhere; position: relative; min-height: 28px; padding: 3px 0 3px 96px; border: 0; }
  td::before { content: attr(data-name); position: absolute; left: 0; color: var(--quiet); }
}
@media (prefers-color-scheme: dark) {
  :root { --ground: #14171C; --card: #1E2229; --ink: #E6E9EE; --quiet: #A3ADBB; --line: #353B45; --link: #9DB8FF; }
  .notice { background: #353B45; }
  ${verdictRules(darkVerdicts)}
}
`;

function verdictRules(colours: Record<string, { ink: string; paper: string }>): string {
  return Object.entries(colours)
    .map(([verdict, { ink, paper }]) => `.v-${verdict} { color: ${ink}; background: ${paper}; }`)
    .join("\n");
}
