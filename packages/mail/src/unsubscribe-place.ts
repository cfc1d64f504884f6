/** Stands in HTML and text where each recipient's own link to unsubscribe goes. */
export const unsubscribePlace = "https://unsubscribe.invalid/";

/** A text with a link, printable ASCII, at its places. */
export function withUnsubscribeLink(text: string, link: string): string {
  return text.replaceAll(unsubscribePlace, link);
}

/** Cuts a quoted-printable body at its places, once; what comes of it gives the pieces with a link between them. */
export function cutAtUnsubscribePlaces(body: Buffer): (link: string) => Buffer[] {
  const pieces = body
    .toString("latin1")
    .split(ENCODED_PLACE)
    .map((piece) => Buffer.from(piece, "latin1"));
  return (link) => {
    const encoded = Buffer.from(quotedPrintable(link));
    return pieces.flatMap((piece, index) => (index === 0 ? [piece] : [encoded, piece]));
  };
}

/** Lines end anywhere in it, each with a `=`. */
const ENCODED_PLACE = new RegExp(
  Array.from(unsubscribePlace, (character) => `[${character}]`).join("(?:=\\r\\n)?"),
  "gu",
);

/** On lines of its own, which are none to a reader. */
function quotedPrintable(link: string): string {
  const lines = link.replaceAll("=", "=3D").match(/(?:=3D|.){1,70}/gu) ?? [];
  return ["", ...lines, ""].join("=\r\n");
}
