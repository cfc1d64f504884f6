import { pick, randomOf, type Random } from "../source/random.ts";

/**
 * Something that goes wrong with one request. `status` and `hang` come in place of an answer; with the others
 * the request is carried out and only its answer suffers, so that a run may have been started all the same.
 */
export type Fault =
  | StatusFault
  /** The connection is reset before any answer. */
  | { readonly kind: "reset" }
  /** Headers and half of the body, then the connection is closed. */
  | { readonly kind: "cut" }
  /** 200 with a proxy's HTML page for a body. */
  | { readonly kind: "not_json" }
  | { readonly kind: "slow"; readonly delayMs: number }
  /** No answer, ever. */
  | { readonly kind: "hang" }
  /** All tokens expire just before this request is looked at. */
  | { readonly kind: "expire_tokens" };

export interface StatusFault {
  readonly kind: "status";
  readonly status: 429 | 500 | 502 | 503;
  readonly retryAfterSeconds?: number;
  /** How Retry-After is written: as that number (the default), or as the date it makes by the sandbox's clock. */
  readonly retryAfterForm?: "seconds" | "date";
}

export interface FaultOrder {
  readonly fault: Fault;
  /** Part of the path, or an expression to find in it, e.g. `/v1/oauth/token`. Default: every path. */
  readonly match?: string | RegExp;
  /** How many matching requests it meets. Default 1. */
  readonly times?: number;
}

/** Faults by chance: the same seed meets the same sequence of requests with the same faults. */
export interface FaultPlan {
  /** Share of the requests that meet a fault, 0 to 1. */
  readonly rate: number;
  /** Default 1. */
  readonly seed?: number;
  readonly match?: string | RegExp;
  /** Chosen from with equal chance. Default: one of each kind but `hang`. */
  readonly faults?: readonly Fault[];
}

const EVERY_KIND_THAT_ANSWERS: readonly Fault[] = [
  { kind: "status", status: 429, retryAfterSeconds: 1 },
  { kind: "status", status: 429, retryAfterSeconds: 2, retryAfterForm: "date" },
  { kind: "status", status: 500 },
  { kind: "status", status: 502 },
  { kind: "status", status: 503, retryAfterSeconds: 1 },
  { kind: "reset" },
  { kind: "cut" },
  { kind: "not_json" },
  { kind: "slow", delayMs: 250 },
  { kind: "expire_tokens" },
];

/** Decides which request meets which fault: ordered faults first, then the plan. */
export class FaultController {
  readonly #orders: PendingOrder[] = [];
  #plan: FaultPlan | null = null;
  #random: Random = randomOf();

  constructor(plan: FaultPlan | null = null) {
    this.atRandom(plan);
  }

  /** The next matching requests meet the fault. Orders are served in turn. */
  next(order: FaultOrder): void {
    this.#orders.push({ match: "", times: 1, ...order });
  }

  /** Faults by chance from now on; `null` ends them. */
  atRandom(plan: FaultPlan | null): void {
    this.#plan = plan;
    this.#random = randomOf("faults", plan?.seed ?? 1);
  }

  /** Nothing goes wrong any more. */
  clear(): void {
    this.#orders.length = 0;
    this.#plan = null;
  }

  /** The fault that a request to the path meets; asking uses it up. */
  take(path: string): Fault | null {
    return this.#takeOrdered(path) ?? this.#takeRandom(path);
  }

  #takeOrdered(path: string): Fault | null {
    const order = this.#orders.find(({ match, times }) => times > 0 && isIn(path, match));
    if (order === undefined) {
      return null;
    }
    order.times -= 1;
    return order.fault;
  }

  #takeRandom(path: string): Fault | null {
    if (this.#plan === null || !isIn(path, this.#plan.match ?? "") || this.#random() >= this.#plan.rate) {
      return null;
    }
    return pick(this.#random, this.#plan.faults ?? EVERY_KIND_THAT_ANSWERS);
  }
}

interface PendingOrder {
  readonly fault: Fault;
  readonly match: string | RegExp;
  times: number;
}

function isIn(path: string, match: string | RegExp): boolean {
  return typeof match === "string" ? path.includes(match) : path.search(match) >= 0;
}
