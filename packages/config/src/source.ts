import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  visit,
  type YAMLError,
} from "yaml";
import type { ConfigProblem, Finding, Position } from "./problems/problems.ts";

/** A YAML text as a plain value that still knows where each of its parts was written. */
export interface Source {
  /** `undefined` when the text is broken YAML and nothing can be said about its content. */
  value: unknown;
  /** What YAML itself has against the text. */
  problems: ConfigProblem[];
  /** The finding, at the nearest part of its path that is written. */
  locate: (finding: Finding) => ConfigProblem;
  positionOf: (path: readonly PropertyKey[]) => Position;
}

/** Reads YAML 1.2 with its core schema: dates and times of day stay text. Never throws. */
export function readSource(text: string, file: string): Source {
  const lines = new LineCounter();
  const document = parseDocument(text, { ...YAML, lineCounter: lines });
  const overflow = document.errors.find(isOverflow);
  const complaints = overflow ? [overflow] : [...document.errors, ...document.warnings];
  const dangling = overflow ? [] : danglingAliases(document);
  const isReadable = complaints.every(leavesContentReadable) && dangling.length === 0;

  const positionAt = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  const problemAt = (offset: number, message: string): ConfigProblem => ({
    file,
    position: positionAt(offset),
    message,
  });
  return {
    // Unlimited: an alias is the same object each time, so that many of them take no room.
    value: isReadable ? document.toJS({ maxAliasCount: -1 }) : undefined,
    problems: [
      ...complaints.map(({ pos, message }) => problemAt(pos[0], overflow ? TOO_DEEP : message)),
      ...dangling.map((alias) =>
        problemAt(startOf(alias), `*${alias.source} refers to nothing: put &${alias.source} before it`),
      ),
    ],
    locate: ({ path, at, message }) => problemAt(startOf(nodeAt(document, path, at)), message),
    positionOf: (path) => positionAt(startOf(nodeAt(document, path, "value"))),
  };
}

const TOO_DEEP = "this is nested too deeply: no part of a configuration has more than ten levels";

/** Whether the text is nested deeper than the parser can follow. Then it finds a thousand other things wrong, too. */
function isOverflow({ message }: YAMLError): boolean {
  return message.includes("Maximum call stack size exceeded") || message.includes("Stack overflow");
}

/** What can be made out of a YAML text, however broken; `null` when nothing can. Never throws. */
export function readPartially(text: string): unknown {
  try {
    return parseDocument(text, YAML).toJS();
  } catch {
    return null;
  }
}

const YAML = { prettyErrors: false, schema: "core", resolveKnownTags: false, logLevel: "error" } as const;

/** After a repeated key or an unknown tag the rest of the document is still worth checking. */
function leavesContentReadable({ code }: YAMLError): boolean {
  return code === "DUPLICATE_KEY" || code === "TAG_RESOLVE_FAILED";
}

function danglingAliases(document: Document): Alias[] {
  const dangling: Alias[] = [];
  visit(document, {
    Alias(_, alias) {
      if (!alias.resolve(document)) dangling.push(alias);
    },
  });
  return dangling;
}

/** Follows `path` as far as it is written. */
function nodeAt(document: Document, path: readonly PropertyKey[], at: Finding["at"]): Node | null {
  let node = document.contents;
  for (const [depth, segment] of path.entries()) {
    const entry = entryOf(isAlias(node) ? node.resolve(document) : node, segment);
    if (!entry) break;
    const isLast = depth === path.length - 1;
    node = isLast && at === "key" ? entry.key : (entry.value ?? entry.key);
  }
  return node;
}

/** The two halves of an entry; an element of a list has no key, so it stands for both. */
function entryOf(
  parent: unknown,
  segment: PropertyKey,
): { key: Node | null; value: Node | null } | undefined {
  if (isMap(parent)) {
    const pair = parent.items.find((candidate) => nameOf(candidate) === segment);
    return pair && { key: nodeOrNull(pair.key), value: nodeOrNull(pair.value) };
  }
  if (isSeq(parent)) {
    const item = nodeOrNull(parent.items[Number(segment)]);
    return item ? { key: item, value: item } : undefined;
  }
  return undefined;
}

/** The property name that a key of the document becomes in the plain value. */
function nameOf({ key }: Pair): string {
  return isScalar<string | number | boolean | null>(key) ? String(key.value ?? "") : String(key);
}

function nodeOrNull(value: unknown): Node | null {
  return isNode(value) ? value : null;
}

/** Characters from the beginning of the text. */
function startOf(node: Node | null): number {
  return node?.range?.[0] ?? 0;
}
