/** A property of an iCalendar text: `DTSTART;VALUE=DATE:20261225`. */
export interface ContentLine {
  /** In upper case. */
  name: string;
  /** By name in upper case, quotes taken off. */
  parameters: ReadonlyMap<string, string>;
  value: string;
  /** Of the file, from 1: where the property begins. */
  line: number;
}

/**
 * The properties of an iCalendar text, unfolded. Any line end will do, and a byte order mark; a line that is no property
 * (real files have some, in descriptions that were not folded) is left out.
 */
export function contentLines(text: string): ContentLine[] {
  const lines: { text: string; line: number }[] = [];
  for (const [index, raw] of text
    .replace(/^\uFEFF/u, "")
    .split(/\r\n|\n|\r/u)
    .entries()) {
    const previous = lines.at(-1);
    if (/^[ \t]/u.test(raw) && previous) previous.text += raw.slice(1);
    else lines.push({ text: raw, line: index + 1 });
  }
  return lines.flatMap(({ text: unfolded, line }) => toContentLine(unfolded, line));
}

const LINE =
  /^(?<name>[\w-]+)(?<parameters>(?:;\s*[\w-]+=(?:"[^"]*"|[^";:,]*)(?:,(?:"[^"]*"|[^";:,]*))*)*):(?<value>.*)$/su;

/** Dates hold no colon: one before the last is of a parameter that should have quotes, as Outlook's names of zones do. */
const LINE_OF_DATES =
  /^(?<name>DTSTART|DTEND|RECURRENCE-ID|EXDATE|RDATE)(?<parameters>(?:;\s*[\w-]+=(?:"[^"]*"|[^";])*)*):(?<value>[^:]*)$/isu;

const PARAMETER = /;\s*(?<name>[\w-]+)=(?<value>(?:"[^"]*"|[^";])*)/gu;

function toContentLine(text: string, line: number): ContentLine[] {
  const { name, parameters = "", value = "" } = (LINE_OF_DATES.exec(text) ?? LINE.exec(text))?.groups ?? {};
  if (name === undefined) return [];
  const pairs = Array.from(parameters.matchAll(PARAMETER), ({ groups }): [string, string] => [
    (groups?.["name"] ?? "").toUpperCase(),
    (groups?.["value"] ?? "").replaceAll('"', "").trim(),
  ]);
  return [{ name: name.toUpperCase(), parameters: new Map(pairs), value: value.trim(), line }];
}

/** TEXT of iCalendar, in which commas, semicolons, line breaks and backslashes are escaped; on one line. */
export function unescaped(text: string): string {
  return text
    .replaceAll(/\\([\\;,nN])/gu, (_, escaped: string) => (escaped.toLowerCase() === "n" ? " " : escaped))
    .trim();
}
