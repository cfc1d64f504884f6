import { empty, problem, type Answer } from "./answer.ts";
import { DIALECTS, type Dialect, type RunAnswer } from "./dialect.ts";
import { BadRequest, ROUTES, type Route } from "./routes.ts";
import type { RunLogWriter } from "./run-log-writer.ts";
import type { SourceHistory } from "../source/source-history.ts";
import type { TokenStore } from "./token-store.ts";
import type { FigureReader } from "./unsigned-figures.ts";

export const API_ROOT = "/v1";
export const READ_SCOPE = "stats:read";

export interface Service {
  readonly history: SourceHistory;
  readonly dialect: Dialect;
  readonly runAnswer: RunAnswer;
  readonly logWriter: RunLogWriter;
  readonly reader: FigureReader;
  readonly tokens: TokenStore;
}

export interface ApiRequest {
  readonly method: string;
  /** Decoded, without the query. */
  readonly path: string;
  /** Of the form body and the query. */
  readonly parameters: URLSearchParams;
  readonly authorization: string | undefined;
}

/** The answer of the API when nothing goes wrong; `null` where the server hangs up instead. */
export function answerTo(service: Service, request: ApiRequest, now: Date): Answer | null {
  if (request.path === `${API_ROOT}/oauth/token` && ["GET", "POST"].includes(request.method)) {
    return service.tokens.grant(request.parameters, now);
  }
  for (const route of ROUTES) {
    const args = argumentsOf(route, request);
    if (args !== null) {
      return refusalOf(service, route, request, now) ?? answerOf(service, route, args, now);
    }
  }
  return problem(404);
}

function argumentsOf(route: Route, request: ApiRequest): string[] | null {
  if (route.method !== request.method || !request.path.startsWith(API_ROOT)) {
    return null;
  }
  return route.path.exec(request.path.slice(API_ROOT.length))?.slice(1) ?? null;
}

function refusalOf(service: Service, route: Route, request: ApiRequest, now: Date): Answer | null {
  const scope = route.scope === "run" ? DIALECTS[service.dialect].runScope : READ_SCOPE;
  if (!service.tokens.accepts(request.authorization, now)) {
    return empty(401);
  }
  return service.tokens.allows(scope) ? null : empty(403);
}

function answerOf(service: Service, route: Route, args: string[], now: Date): Answer {
  try {
    return route.answer({ ...service, now }, ...args);
  } catch (error) {
    return error instanceof BadRequest ? problem(400, [error.message]) : problem(500, [String(error)]);
  }
}
