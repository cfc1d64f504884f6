import { PERCENT_ENCODE, takeApart } from "@runledger/config";
import { UsageError } from "./errors.ts";

/** Which requests go through which proxy, as `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` say it. */
export interface Proxies {
  https: string | null;
  http: string | null;
  /** Hosts that are spoken to directly, separated by commas. */
  none: string | null;
}

/**
 * Reads the variables, in lower case first, as everywhere; `read` gives a variable's value, or that of its file.
 *
 * @throws UsageError when a proxy's address is none; the message shows nothing of it.
 */
export function readProxies(read: (name: string) => string | null): Proxies {
  const either = (name: string): string | null => read(name.toLowerCase()) ?? read(name);
  return {
    https: proxyUrl("HTTPS_PROXY", either("HTTPS_PROXY")),
    http: proxyUrl("HTTP_PROXY", either("HTTP_PROXY")),
    none: either("NO_PROXY"),
  };
}

/**
 * From now on all requests of this process go through the proxies; without any, nothing is touched.
 *
 * @throws UsageError when this Node cannot do that: going past a proxy in silence is not what was asked for.
 */
export async function useProxies({ https, http, none }: Proxies): Promise<void> {
  if (https === null && http === null) {
    return;
  }
  // Loaded only for a proxy: it takes a while.
  const { setGlobalProxyFromEnv }: { setGlobalProxyFromEnv?: (env: NodeJS.ProcessEnv) => unknown } =
    await import("node:http");
  if (setGlobalProxyFromEnv === undefined) {
    throw new UsageError(`HTTPS_PROXY needs Node 24.14 or newer; this is ${process.version}`);
  }
  setGlobalProxyFromEnv({
    ...(https !== null && { HTTPS_PROXY: https }),
    ...(http !== null && { HTTP_PROXY: http }),
    ...(none !== null && { NO_PROXY: none }),
  });
}

function proxyUrl(name: string, value: string | null): string | null {
  if (value === null) {
    return null;
  }
  // curl and others take a bare host and port, too.
  const url = value.includes("://") ? value : `http://${value}`;
  const parts = takeApart(url);
  if (!parts?.host || !/^https?$/u.test(parts.scheme) || URL.parse(url) === null) {
    throw new UsageError(
      `${name} is not the URL of an HTTP proxy, such as http://user:password@proxy.acme.example:3128, or what stands in ` +
        `it cannot be told apart. It is not shown here; ${PERCENT_ENCODE}`,
    );
  }
  return url;
}
