import type { Call } from "./call.ts";
import { withLinkedController } from "./abort.ts";
import type { Failure } from "./failure.ts";
import { LargeList } from "./large-list.ts";
import type { Settings } from "./options.ts";
import type { ServerClock } from "./server-clock.ts";

/** A whole answer with a 2xx status. */
export interface Answer {
  kind: "answer";
  /** Of a large list only the beginning. A byte that is no UTF-8 reads as U+FFFD: it is one row's trouble, not all's. */
  body: string;
  /** A list that was read item by item, for it is large. */
  list: LargeList | null;
  bytes: number;
}

/** What went over the wire, kept up to date while it goes. */
export interface Traffic {
  status: number | null;
  bytes: number;
}

/**
 * Sends a request once and reads its answer, within `timeoutMs`. Rejects only with the reason of `signal`;
 * everything else that can happen is a value. Redirects are not followed: they would carry a POST or the
 * credentials elsewhere.
 */
export async function exchange(
  call: Call<unknown>,
  token: string | null,
  { fetch, baseUrl, maxBodyBytes }: Settings,
  {
    timeoutMs,
    signal,
    traffic,
    serverClock,
  }: { timeoutMs: number; signal: AbortSignal; traffic: Traffic; serverClock: ServerClock },
): Promise<Answer | Failure> {
  return await withLinkedController([signal], async (controller) => {
    const timer = setTimeout(() => controller.abort(), timeoutMs);
    const timedOut = (): Failure => {
      signal.throwIfAborted();
      return { kind: "timed out", afterMs: timeoutMs };
    };
    try {
      const response = await fetch(toUrl(call, baseUrl), {
        ...toInit(call, token),
        signal: controller.signal,
      });
      traffic.status = response.status;
      serverClock.observe(response.headers.get("date"));
      const limit = response.ok ? maxBodyBytes : ERROR_BODY_BYTES;
      const { body, list, end, cause } = await readBody(response.body, limit, traffic);
      if (end === "cut off" && controller.signal.aborted) return timedOut();
      if (!response.ok) {
        const { status, headers } = response;
        return { kind: "status", status, retryAfter: headers.get("retry-after"), body };
      }
      if (end === "too large") return { kind: "too large", limit };
      if (end === "cut off") return { kind: "broken", reason: `cut off after ${traffic.bytes} bytes`, cause };
      return { kind: "answer", body, list, bytes: traffic.bytes };
    } catch (cause) {
      if (controller.signal.aborted) return timedOut();
      return { kind: neverConnected(cause) ? "unreachable" : "dropped", cause };
    } finally {
      clearTimeout(timer);
    }
  });
}

/** Enough of an error's body to name its reason. */
const ERROR_BODY_BYTES = 64 * 1024;

function toUrl({ path, credentials }: Call<unknown>, baseUrl: string): string {
  const query = credentials?.in === "query" ? `?${credentials.parameters.toString()}` : "";
  return `${baseUrl}${encodeURI(path)}${query}`;
}

function toInit({ method, credentials }: Call<unknown>, token: string | null): RequestInit {
  return {
    method,
    headers: { accept: "application/json", ...(token !== null && { authorization: `Bearer ${token}` }) },
    body: credentials?.in === "body" ? credentials.parameters : null,
    redirect: "manual",
  };
}

/** A text of this length is parsed at once: that is faster, and what it takes beside its rows can be afforded. */
const LARGE = 8_000_000;

interface ReadBody {
  body: string;
  list: LargeList | null;
  end: "whole" | "cut off" | "too large";
  cause?: unknown;
}

/**
 * Decoded as it comes, so that a large body is not held as bytes and as text at once; of a large list neither is held.
 * Leaving the loop early cancels the stream, and with it the connection.
 */
async function readBody(stream: Response["body"], limit: number, traffic: Traffic): Promise<ReadBody> {
  const decoder = new TextDecoder("utf-8");
  let body = "";
  let list: LargeList | null = null;
  const add = (text: string) => {
    if (list !== null) return list.add(text);
    const wasLarge = body.length > LARGE;
    body += text;
    if (wasLarge || body.length <= LARGE || !/^\s*\[/u.test(body)) return;
    list = new LargeList();
    list.add(body);
    // A copy: a slice would keep all of the text.
    body = Buffer.from(body.slice(0, 1000)).toString();
  };
  try {
    for await (const chunk of stream ?? []) {
      traffic.bytes += chunk.byteLength;
      if (traffic.bytes > limit) return { body, list, end: "too large" };
      add(decoder.decode(chunk, { stream: true }));
    }
  } catch (cause) {
    // A text can be longer than this runtime holds, however high the limit.
    return { body, list, end: cause instanceof RangeError ? "too large" : "cut off", cause };
  }
  add(decoder.decode());
  return { body, list, end: "whole" };
}

/** Whether the failure proves that no byte of the request reached the server: looking up or connecting failed. */
function neverConnected(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof AggregateError) return error.errors.every(neverConnected);
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (code === "UND_ERR_CONNECT_TIMEOUT" || syscall === "connect" || syscall === "getaddrinfo") return true;
  return neverConnected(error.cause);
}
