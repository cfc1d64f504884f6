import type { IncomingMessage, ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { bodyBytes, firstHalf, htmlPage, problem, type Answer } from "./answer.ts";
import { deliver, deliverAndBreakOff } from "./write-answer.ts";
import type { Fault, FaultController, StatusFault } from "./faults.ts";
import { answerTo, type ApiRequest, type Service } from "./service.ts";

export interface LoggedRequest {
  readonly method: string;
  /** Decoded, without the query, which may hold a secret. */
  readonly path: string;
  /** `null`: no status was sent (yet). */
  readonly status: number | null;
  /** Of the body as sent. */
  readonly bytes: number;
  /** By the sandbox's clock. */
  readonly at: Date;
}

/** A logged request that is still being answered. */
export type OpenRequest = { -readonly [Key in keyof LoggedRequest]: LoggedRequest[Key] };

export interface ExchangeSettings {
  readonly service: Service;
  readonly faults: FaultController;
  readonly latencyMs: number;
  readonly clock: () => Date;
  readonly log: (request: OpenRequest) => void;
}

/**
 * Takes one request through latency, fault and answer.
 *
 * @throws when the connection is lost meanwhile.
 */
export async function exchange(
  { service, faults, latencyMs, clock, log }: ExchangeSettings,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const asked = await readRequest(request);
  const logged: OpenRequest = { method: asked.method, path: asked.path, status: null, bytes: 0, at: clock() };
  log(logged);
  const fault = faults.take(asked.path);
  await pause(latencyMs + (fault?.kind === "slow" ? fault.delayMs : 0));
  if (fault?.kind === "hang") {
    return;
  }
  if (fault?.kind === "expire_tokens") {
    service.tokens.expireAll();
  }
  const now = clock();
  const answer = fault?.kind === "status" ? statusAnswer(fault, now) : answerTo(service, asked, now);
  response.setHeader("date", now.toUTCString());
  await send(response, answer, fault, logged);
}

async function readRequest(request: IncomingMessage): Promise<ApiRequest> {
  const target = new URL(request.url ?? "/", "http://sandbox");
  const isForm = request.headers["content-type"]?.startsWith("application/x-www-form-urlencoded") ?? false;
  const body = await text(request);
  return {
    method: request.method ?? "GET",
    path: decode(target.pathname),
    parameters: new URLSearchParams(isForm ? `${body}&${target.search.slice(1)}` : target.search),
    authorization: request.headers.authorization,
  };
}

/** A path that cannot be decoded stays as it is, and is then found nowhere. */
function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

async function pause(milliseconds: number): Promise<void> {
  if (milliseconds > 0) {
    await sleep(milliseconds, undefined, { ref: false });
  }
}

function statusAnswer(fault: StatusFault, now: Date): Answer {
  const answer = problem(fault.status);
  if (fault.retryAfterSeconds === undefined) {
    return answer;
  }
  const retryAt = new Date(now.getTime() + fault.retryAfterSeconds * 1000);
  const retryAfter = fault.retryAfterForm === "date" ? retryAt.toUTCString() : `${fault.retryAfterSeconds}`;
  return { ...answer, headers: { ...answer.headers, "retry-after": retryAfter } };
}

async function send(
  response: ServerResponse,
  answer: Answer | null,
  fault: Fault | null,
  logged: OpenRequest,
): Promise<void> {
  if (fault?.kind === "reset") {
    response.socket?.resetAndDestroy();
    return;
  }
  if (answer === null) {
    response.destroy();
    return;
  }
  const sent = distort(answer, fault);
  logged.status = sent.status;
  logged.bytes = bodyBytes(sent);
  await (fault?.kind === "cut" ? deliverAndBreakOff(response, sent) : deliver(response, sent));
}

function distort(answer: Answer, fault: Fault | null): Answer {
  switch (fault?.kind) {
    case "cut":
      return firstHalf(answer);
    case "not_json":
      return htmlPage();
    default:
      return answer;
  }
}
