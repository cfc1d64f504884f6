/** A command that a page shows. */
export interface ShownCommand {
  /** As it stands there, without its comment. */
  line: string;
  /** The kind of block it stands in; `text` when it stands in a sentence or a table. */
  place: "sh" | "cron" | "systemd" | "text";
}

const FENCE = /^ *```(\w*)$/u;
const IN_TEXT = /`((?:pnpm |npm run )?(?:ingest|report) [a-z][^`]*)`/gu;

/** The commands of a Markdown page, in its order. */
export function commandsIn(markdown: string): ShownCommand[] {
  let language: string | null = null;
  return markdown.split("\n").flatMap((line) => {
    const fence = FENCE.exec(line);
    if (fence !== null) {
      language = language === null ? (fence[1] ?? "") : null;
      return [];
    }
    return language === null ? inText(line) : inBlock(language, line.trim());
  });
}

/** The variables of the environment file that a page shows: lines `NAME=value` of its blocks. */
export function variablesIn(markdown: string): string[] {
  const names = Array.from(markdown.matchAll(/^ *([A-Z][A-Z_]*)=\S/gmu), ([, name = ""]) => name);
  return names.filter((name) => name !== "PATH");
}

function inText(line: string): ShownCommand[] {
  return Array.from(line.matchAll(IN_TEXT), ([, command = ""]) => ({ line: command, place: "text" }));
}

function inBlock(language: string, line: string): ShownCommand[] {
  const isNone = line === "" || line.startsWith("#") || /^[A-Z][A-Z_]*=/u.test(line);
  switch (language) {
    case "sh":
      return isNone ? [] : [{ line: line.replace(/\s+# .*$/u, ""), place: "sh" }];
    case "cron":
      return isNone ? [] : [{ line: line.replace(/^(?:\S+\s+){5}/u, ""), place: "cron" }];
    case "ini":
      return line.startsWith("ExecStart=")
        ? [{ line: line.slice("ExecStart=".length), place: "systemd" }]
        : [];
    default:
      return [];
  }
}
