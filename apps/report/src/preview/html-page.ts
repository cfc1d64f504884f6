import { type Html, html } from "@runledger/mail";
import { stylesheetPath } from "./stylesheet.ts";

/** A whole page around its content. */
export function page(title: string, content: Html): string {
  const whole = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="stylesheet" href="${stylesheetPath}">
</head>
<body>
<p class="notice">Preview. Nothing you see here has been stored or sent by looking at it.</p>
<main>
${content}
</main>
</body>
</html>
`;
  return whole.toString();
}
