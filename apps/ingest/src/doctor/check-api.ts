import type { PipelineConfig } from "@runledger/config";
import {
  CredentialsRefusedError,
  ForbiddenError,
  RequestRefusedError,
  YlemError,
  type YlemClient,
} from "@runledger/ylem-client";
import { ok, problem, warning, type Finding } from "./finding.ts";

/** Credentials, scopes and pipelines, by requests that only read. What depends on a check that failed is left out. */
export async function checkApi(
  client: YlemClient,
  pipelines: readonly PipelineConfig[],
  signal: AbortSignal,
): Promise<Finding[]> {
  const token = await checkToken(client, signal);
  if (token.scopes === null) {
    return token.findings;
  }
  const canRun = checkRunScope(token.scopes);
  const [first] = pipelines;
  if (first === undefined) {
    return [...token.findings, canRun];
  }
  const canRead = await checkReadScope(client, first, signal);
  const found =
    canRead.state === "ok"
      ? await Promise.all(pipelines.map((pipeline) => checkPipeline(client, pipeline, signal)))
      : [];
  return [...token.findings, canRead, canRun, ...found];
}

async function checkToken(
  client: YlemClient,
  signal: AbortSignal,
): Promise<{ scopes: string[] | null; findings: Finding[] }> {
  const check = "credentials";
  try {
    const scopes = await client.scopes({ signal });
    const text = `the API gave a token with the scopes ${scopes.join(", ") || "(it names none)"}`;
    return { scopes, findings: [ok(check, text)] };
  } catch (error) {
    return { scopes: null, findings: [problemOf(check, error)] };
  }
}

async function checkReadScope(
  client: YlemClient,
  { uuid, name }: PipelineConfig,
  signal: AbortSignal,
): Promise<Finding> {
  const check = "scope stats:read";
  const second = { from: new Date(0), to: new Date(1000) };
  try {
    await client.stats("pipeline", uuid, second, { signal });
    return ok(check, `statistics of ${name} can be read`);
  } catch (error) {
    return problemOf(check, error);
  }
}

/** By the token's own word: the only request that would prove it starts a run. */
function checkRunScope(scopes: readonly string[]): Finding {
  const check = "scope pipelines:run";
  if (scopes.includes("pipelines:run") || scopes.includes("workflows:run")) {
    return ok(check, "the token may start pipelines");
  }
  return warning(
    check,
    "the token does not say that it may start pipelines; only trigger needs it",
    "Give the OAuth client the scope in Ylem if you mean to use trigger.",
  );
}

async function checkPipeline(
  client: YlemClient,
  { uuid, name }: PipelineConfig,
  signal: AbortSignal,
): Promise<Finding> {
  const check = `pipeline ${name}`;
  try {
    const last = await client.lastRun("pipeline", uuid, { signal });
    if (last === null) {
      const mend = `If it has run, check its uuid ${uuid} in runledger.yaml, and whose OAuth client this is.`;
      return warning(
        check,
        "nothing was ever seen of it: it never ran, or is no pipeline of this account",
        mend,
      );
    }
    return ok(
      check,
      `last run ${last.executedAt.toISOString()}, ${last.isSuccessful ? "successful" : "failed"}`,
    );
  } catch (error) {
    return problemOf(check, error);
  }
}

const MENDS = [
  [CredentialsRefusedError, "Check YLEM_CLIENT_ID and YLEM_CLIENT_SECRET against the OAuth client in Ylem."],
  [ForbiddenError, "Give the OAuth client the scope stats:read in Ylem; also check whose pipeline it is."],
  [RequestRefusedError, "Check YLEM_BASE_URL: does it name the root of a Ylem API?"],
] as const;

function problemOf(check: string, error: unknown): Finding {
  if (!(error instanceof YlemError)) {
    throw error;
  }
  const mend = MENDS.find(([type]) => error instanceof type)?.[1];
  return mend === undefined
    ? problem(check, error.message, {
        mend: "Check YLEM_BASE_URL and the network; else wait until the API is well again.",
        lies: "around it",
      })
    : problem(check, error.message, { mend, lies: "in the set-up" });
}
