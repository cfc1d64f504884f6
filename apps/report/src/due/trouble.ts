import { ConfigError } from "@runledger/config";
import { HistoryError } from "@runledger/history";
import type { Trouble } from "@runledger/mail";

/** What an error means for the reports, and what mends it. */
export function troubleOf(error: unknown): Trouble {
  const why = firstLines(error instanceof Error ? error.message : String(error));
  if (error instanceof ConfigError) {
    return {
      kind: "configuration",
      why,
      remedy: 'Mend the configuration; "report check" shows every mistake in it.',
    };
  }
  if (error instanceof HistoryError) {
    return {
      kind: "database",
      why,
      remedy:
        "See that the database is up and can be reached from where the reports are made. Until then nobody can tell " +
        "whether another machine has sent this one.",
    };
  }
  return {
    kind: "failed",
    why,
    remedy: 'Run "report weekly --send" by hand, and look at its log.',
  };
}

/** A configuration can be wrong in hundreds of places. */
const MOST_LINES = 10;

function firstLines(text: string): string {
  const lines = text.split("\n");
  const more = lines.length - MOST_LINES;
  return more > 0 ? [...lines.slice(0, MOST_LINES), `and ${more} more`].join("\n") : text;
}
