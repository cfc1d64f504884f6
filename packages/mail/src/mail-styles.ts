import type { Verdict } from "@runledger/sla";
import { html, joined } from "./html.ts";

/** Verdict colours on dark ground. */
export const darkVerdicts = {
  missed: { ink: "#FFB4B4", paper: "#4A1F22" },
  at_risk: { ink: "#FFD79A", paper: "#453013" },
  insufficient_data: { ink: "#C3D0E8", paper: "#2C3648" },
  met: { ink: "#A9E5C0", paper: "#173A27" },
  not_in_force: { ink: "#C9CED6", paper: "#31363E" },
} as const satisfies Record<Verdict, { ink: string; paper: string }>;

const dark = [
  html`.ground, .ground > div { background: #14171C !important; }`,
  html`.card, .card > table, .card table { background-color: #1E2229 !important; }`,
  html`.part div, .part td, .part th, .strong div { color: #E6E9EE !important; }`,
  html`.quiet, .quiet div, .part .quiet, .part .quiet th { color: #A3ADBB !important; }`,
  html`.line { border-color: #353B45 !important; }`,
  ...Object.entries(darkVerdicts).map(
    ([verdict, { ink, paper }]) =>
      html`.part .v-${verdict}, .part .v-${verdict} div { color: ${ink} !important; background: ${paper} !important; border-color: ${ink} !important; }`,
  ),
];

/** The head of the mail: type, colour schemes, phones. */
export const mailStyles = html`
    <mj-attributes>
      <mj-all font-family="-apple-system, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif" />
      <mj-text font-size="14px" line-height="20px" color="#1F2A44" />
      <mj-table font-size="14px" color="#1F2A44" />
    </mj-attributes>
    <mj-raw>
      <meta name="color-scheme" content="light dark">
      <meta name="supported-color-schemes" content="light dark">
    </mj-raw>
    <mj-style>
      :root { color-scheme: light dark; supported-color-schemes: light dark; }
      @media (max-width: 480px) { .wide { display: none !important; } .part > table > tbody > tr > td { padding-left: 16px !important; padding-right: 16px !important; } }
      @media (prefers-color-scheme: dark) { ${joined(dark, " ")} }
    </mj-style>`;
