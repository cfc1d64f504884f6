import stringWidth from "string-width";

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });

/** The text in lines of at most `width` columns, broken between words and, where a word is longer, inside it. */
export function wrapped(text: string, width: number): string[] {
  if (stringWidth(text) <= width) {
    return [text];
  }
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/(?<= )/u).flatMap((each) => pieces(each, width))) {
    if (line !== "" && stringWidth(`${line}${word}`.trimEnd()) > width) {
      lines.push(line.trimEnd());
      line = "";
    }
    line += word;
  }
  return [...lines, line.trimEnd()];
}

/** A word that is longer than a line, in pieces that are not. */
function pieces(word: string, width: number): string[] {
  if (stringWidth(word.trimEnd()) <= width) {
    return [word];
  }
  const parts: string[] = [];
  let part = "";
  let used = 0;
  for (const { segment } of graphemes.segment(word)) {
    const wide = stringWidth(segment);
    if (part !== "" && used + wide > width) {
      parts.push(part);
      part = "";
      used = 0;
    }
    part += segment;
    used += wide;
  }
  return part === "" ? parts : [...parts, part];
}
