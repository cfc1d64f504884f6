import { ConfigurationError } from "./errors.ts";
import { isUuid } from "./fields.ts";

/** One call of the API: what is asked, and how its answer is read. */
export interface Call<T> {
  method: "GET" | "POST";
  /** Below the base URL, readable: it is URL-encoded when sent and stands as it is in messages. */
  path: string;
  /** The scope a token needs for it; null for asking for the token itself. */
  scope: "stats:read" | "pipelines:run" | null;
  /** Whether carrying it out twice does no harm. */
  isRepeatable: boolean;
  /** Tries, the first included; the client's when left out. */
  maxTries?: number | undefined;
  /** Present only when asking for a token: then neither what is sent nor what comes back may be shown. */
  credentials?: { in: "query" | "body"; parameters: URLSearchParams; dropHint: string };
  /** Turns the answer's JSON (undefined when the body is empty) into the result, or throws a ShapeError. */
  read: (json: unknown, bytes: number) => T;
}

export type SubjectKind = "pipeline" | "task";

/** `/stats/pipelines/<uuid>`, the path that all questions about a subject begin with. */
export function statsPath(kind: SubjectKind, uuid: string): string {
  return `/stats/${PLURALS[kind]}/${checkedUuid(uuid)}`;
}

export function checkedUuid(uuid: string): string {
  if (isUuid(uuid)) return uuid.toLowerCase();
  throw new ConfigurationError(`"${uuid}" is not a UUID`);
}

const PLURALS = { pipeline: "pipelines", task: "tasks" } as const;
