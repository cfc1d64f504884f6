import type { setUp } from "./sync-world.ts";
import { ORDERS } from "./sync-world.ts";

/** Breaks every answer of the log of orders that `isBroken` says it of, given its window. */
export function breaking(
  isBroken: (from: Date, to: Date) => boolean,
  broken: (signal?: AbortSignal | null) => Response,
  send: typeof fetch = fetch,
): typeof fetch {
  return async (input, init) => {
    const path = decodeURIComponent(new URL(input instanceof Request ? input.url : input).pathname);
    const [, from, to] = path.match(new RegExp(`${ORDERS}/logs/([^/]+)/([^/]+)$`, "u")) ?? [];
    const instant = (text: string) => new Date(`${text.replace(" ", "T")}Z`);
    if (from !== undefined && to !== undefined && isBroken(instant(from), instant(to))) {
      return broken(init?.signal);
    }
    return send(input, init);
  };
}

/** Whether a window holds one of some instants; both its ends are its own. */
export function holding(...instants: Date[]): (from: Date, to: Date) => boolean {
  return (from, to) => instants.some((instant) => from <= instant && instant <= to);
}

/** A body that goes on until the client has enough. */
export function neverEnding(signal?: AbortSignal | null): Response {
  return new Response(
    new ReadableStream({
      start(controller) {
        controller.enqueue(Buffer.from("["));
        signal?.addEventListener("abort", () => controller.error(signal.reason));
      },
    }),
  );
}

/** What is set aside of orders, in order. */
export async function asideIn({ history }: Awaited<ReturnType<typeof setUp>>) {
  const { rows } = await history.pool.query<{
    from: Date;
    to: Date;
    tries: number;
    reason: string;
    seconds: number;
  }>(
    `select window_from as from, window_to as to, tries, reason,
            extract(epoch from window_to - window_from)::int as seconds
     from runledger.set_aside_answers order by window_from`,
  );
  return rows;
}

/** A night as in production, in which a try that is given up on takes half a minute, on a clock of its own. */
export function longNight() {
  let ms = 0;
  return {
    elapsedMs: (): number => ms,
    /** For `breaking`: half a minute goes by at once. */
    neverEnding: (): Response => {
      ms += 30_000;
      return new Response(
        new ReadableStream({
          start(controller) {
            controller.error(new Error("given up on after half a minute"));
          },
        }),
      );
    },
    /** A call gives up after three tries, ninety seconds. */
    ylemOptions: { sleep: async () => {}, maxTries: 3 },
  };
}
