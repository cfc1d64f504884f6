import { STATUS_CODES } from "node:http";

/** An HTTP answer as a value. The body is in pieces, so that a log of any length can be sent. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: readonly string[];
}

export function json(value: unknown, status = 200): Answer {
  return jsonText([JSON.stringify(value)], status);
}

/** @param pieces make one JSON text when put together. */
export function jsonText(pieces: readonly string[], status = 200): Answer {
  return { status, headers: { "content-type": "application/json" }, body: pieces };
}

export function empty(status: number): Answer {
  return { status, headers: {}, body: [] };
}

/** The body of every error but 401 and 403, which have none. */
export function problem(code: number, errors: readonly string[] = []): Answer {
  return json({ code, message: STATUS_CODES[code], errors }, code);
}

/** The page of a proxy that stands in front of the API and means well. */
export function htmlPage(): Answer {
  const page = "<!doctype html><title>Maintenance</title><h1>We will be right back.</h1>";
  return { status: 200, headers: { "content-type": "text/html; charset=utf-8" }, body: [page] };
}

export function bodyBytes(answer: Answer): number {
  return answer.body.reduce((sum, piece) => sum + Buffer.byteLength(piece), 0);
}

/** The same answer with half of its body. */
export function firstHalf(answer: Answer): Answer {
  const body = answer.body.join("");
  return { ...answer, body: [body.slice(0, body.length / 2)] };
}
