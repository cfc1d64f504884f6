import { type RunledgerConfig, takeApart } from "@runledger/config";
import { UsageError, type Context } from "@runledger/cli";
import type { LeaseTiming } from "@runledger/history";
import type { PatienceLimits } from "./pull/patience.ts";
import { YlemClient, type RequestEvent, type YlemClientOptions } from "@runledger/ylem-client";

/** The edge of a command that speaks to Ylem. */
export interface YlemContext extends Context {
  /** Tests pass theirs, to expire soon. */
  leaseTiming?: LeaseTiming;
  /** Client options that go before those of the environment; tests pass theirs, for short pauses. */
  ylemOptions?: Partial<YlemClientOptions>;
  /** Other limits than a night's; tests pass theirs, to see them reached. */
  patience?: PatienceLimits;
  /** What patience is counted by, in milliseconds; tests pass theirs, on which hours pass at once. */
  elapsedMs?: () => number;
}

const OPTIONS = {
  /** Requests on their way at once, over all pipelines. */
  concurrency: 8,
  /** A window of the log that takes longer is better asked for in halves. */
  tryTimeoutMs: 30_000,
  totalTimeoutMs: 90_000,
} as const satisfies Partial<YlemClientOptions>;

/**
 * The client that the environment describes.
 *
 * @throws UsageError when the credentials are missing.
 */
export function createYlemClient(
  { environment, log, ylemOptions }: YlemContext,
  onRequest: (event: RequestEvent) => void,
  { largestAnswer }: Partial<RunledgerConfig["api"]> = {},
): YlemClient {
  const { baseUrl, clientId, clientSecret, outputKey, outputCipher } = environment.ylem;
  if (clientId === null || clientSecret === null) {
    const missing = [clientId === null && "YLEM_CLIENT_ID", clientSecret === null && "YLEM_CLIENT_SECRET"];
    throw new UsageError(
      `${missing.filter(Boolean).join(" and ")} not set. Create an OAuth client in Ylem and set both, ` +
        "or YLEM_CLIENT_ID_FILE and YLEM_CLIENT_SECRET_FILE to files that hold them.",
    );
  }
  // Not shown: whoever mixes up two variables would find a secret in the log.
  if (!/^https?$/u.test(takeApart(baseUrl)?.scheme ?? "") || URL.parse(baseUrl) === null) {
    throw new UsageError(
      "YLEM_BASE_URL is not a URL such as https://api.datamin.io/v1; begin it with https://",
    );
  }
  return new YlemClient({
    ...OPTIONS,
    maxBodyBytes: largestAnswer,
    baseUrl,
    clientId,
    clientSecret,
    output: outputKey === null ? undefined : { key: outputKey, cipher: outputCipher },
    onRequest: (event) => {
      log.debug(event, "request");
      onRequest(event);
    },
    ...ylemOptions,
  });
}
