import type { ComposedReport } from "../files/print-report.ts";
import { overviewPage } from "./overview-page.ts";
import type { DeliveryRow, Preview } from "./make-preview.ts";
import { reportPage } from "./report-page.ts";
import { stylesheet, stylesheetPath } from "./stylesheet.ts";

/** What a path shows; `null`: nothing. */
export type Site = (path: string) => Promise<Answer | null>;

export interface Answer {
  type: string;
  /** The Content-Security-Policy. */
  policy: string;
  /** Of a download. */
  fileName?: string;
  body: string | Buffer;
}

export interface SiteOptions {
  /** Prints the report; asked for once, when it is first looked at. */
  compose: (preview: Preview) => Promise<ComposedReport>;
  /** Asked for each time, so that a reload shows how they fare. */
  readDeliveries: (preview: Preview) => Promise<DeliveryRow[]>;
}

/** An overview at `/`; below `/<agreement>/` its report, the mail's parts and the files as `report weekly` writes them. */
export function createSite(previews: readonly Preview[], { compose, readDeliveries }: SiteOptions): Site {
  const composed = new Map<Preview, Promise<ComposedReport>>();
  const composedOnce = (preview: Preview): Promise<ComposedReport> => {
    const known = composed.get(preview) ?? compose(preview);
    composed.set(preview, known);
    return known;
  };
  return async (path) => {
    if (path === "/") return { ...page, body: overviewPage(previews) };
    if (path === stylesheetPath) return { ...page, type: "text/css; charset=utf-8", body: stylesheet };
    const preview = previews.find(({ agreement }) => path.startsWith(`/${agreement.id}/`));
    if (preview === undefined) return null;
    const printed = await composedOnce(preview);
    const part = path.slice(`/${preview.agreement.id}/`.length);
    return part === ""
      ? { ...page, body: reportPage(preview, printed, await readDeliveries(preview)) }
      : partOf(printed, part);
  };
}

function partOf({ name, mail, workbook, eml }: ComposedReport, part: string): Answer | null {
  switch (part) {
    case "mail.html":
      return { ...mailPage, body: mail.page };
    case "mail.txt":
      return { ...page, type: "text/plain; charset=utf-8", body: mail.text };
    case `${name}.eml`:
      return { ...page, type: "message/rfc822", fileName: part, body: eml };
    case `${name}.xlsx`:
      return { ...page, type: xlsx, fileName: part, body: workbook };
    default:
      return null;
  }
}

const html = "text/html; charset=utf-8";
const xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/** Own pages: one stylesheet and the frames with the mail; no script, no other site. */
const page = {
  type: html,
  policy:
    "default-src 'none'; style-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
} as const;

/** The mail brings its styles and its picture along; it may do nothing, and belongs to no site. */
const mailPage = {
  type: html,
  policy:
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'",
} as const;
