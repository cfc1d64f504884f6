import { UsageError, type Context } from "@runledger/cli";
import { YlemClient, type RequestEvent } from "@runledger/ylem-client";

/** Requests on their way at once, over all pipelines. */
const CONCURRENCY = 8;

/**
 * The client that the environment describes.
 *
 * @throws UsageError when the credentials are missing.
 */
export function createYlemClient(
  { environment, log }: Context,
  onRequest: (event: RequestEvent) => void,
): YlemClient {
  const { baseUrl, clientId, clientSecret, outputKey, outputCipher } = environment.ylem;
  if (clientId === null || clientSecret === null) {
    const missing = [clientId === null && "YLEM_CLIENT_ID", clientSecret === null && "YLEM_CLIENT_SECRET"];
    throw new UsageError(
      `${missing.filter(Boolean).join(" and ")} not set. Create an OAuth client in Ylem and set both, ` +
        "or YLEM_CLIENT_ID_FILE and YLEM_CLIENT_SECRET_FILE to files that hold them.",
    );
  }
  return new YlemClient({
    baseUrl,
    clientId,
    clientSecret,
    concurrency: CONCURRENCY,
    output: outputKey === null ? undefined : { key: outputKey, cipher: outputCipher },
    onRequest: (event) => {
      log.debug(event, "request");
      onRequest(event);
    },
  });
}
