import { abortable, withLinkedController } from "./abort.ts";
import type { Call, SubjectKind } from "./call.ts";
import { CredentialsRefusedError, ForbiddenError, RequestRefusedError } from "./errors.ts";
import { type Settings, type YlemClientOptions, toSettings } from "./options.ts";
import { type RunLog, runLogCall, toRunLog } from "./run-log.ts";
import { type StartedRun, runPipelineCall } from "./run-pipeline.ts";
import { Secrets } from "./secrets.ts";
import {
  type DateForm,
  type LastRun,
  type Period,
  type PeriodStats,
  type RunStats,
  aggregatedStatsCall,
  lastRunCall,
  statsCall,
} from "./statistics.ts";
import { surelyLacks, tokenCall } from "./token.ts";
import { TokenCache } from "./token-cache.ts";
import { Transport } from "./transport.ts";
import type { Window } from "./window.ts";

export interface CallOptions {
  /** Ends the call, wherever it stands; it then rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
}

export interface RunLogOptions extends CallOptions {
  /** Tries of this call, the first included. Default: the client's. */
  maxTries?: number | undefined;
}

/**
 * The Ylem REST API. All calls of a client share its token, its concurrency and its rate. Each rejects with a
 * subclass of YlemError, or with the reason of its signal.
 */
export class YlemClient {
  readonly #settings: Settings;
  readonly #transport: Transport;
  readonly #tokens: TokenCache;
  readonly #closing = new AbortController();
  #dateForm: DateForm | null = null;

  /** @throws ConfigurationError when an option makes no sense. */
  constructor(options: YlemClientOptions) {
    const settings = toSettings(options);
    const secrets = new Secrets();
    secrets.add(settings.clientSecret);
    const transport = new Transport(settings, secrets);
    this.#settings = settings;
    this.#transport = transport;
    this.#tokens = new TokenCache(async () => {
      const token = await transport.send(tokenCall(settings), null, this.#closing.signal);
      secrets.add(token.value);
      return token;
    }, settings.now);
  }

  /**
   * Starts a pipeline, once: it is repeated only when the first request surely was not carried out.
   * @throws OutcomeUnknownError when the pipeline may or may not have been started.
   */
  async runPipeline(pipelineUuid: string, options?: CallOptions): Promise<StartedRun> {
    return await this.#within(options, (signal) => this.#send(runPipelineCall(pipelineUuid), signal));
  }

  /** All task runs of every run of the pipeline that has one in the window. */
  async runLog(pipelineUuid: string, window: Window, options?: RunLogOptions): Promise<RunLog> {
    return await this.#within(options, async (signal) => {
      const rows = await this.#send(
        { ...runLogCall(pipelineUuid, window), maxTries: options?.maxTries },
        signal,
      );
      return await abortable(toRunLog(rows, this.#settings.decrypt), signal);
    });
  }

  /** Counts over a window, both ends counted in. */
  async stats(kind: SubjectKind, uuid: string, window: Window, options?: CallOptions): Promise<RunStats> {
    return await this.#within(options, (signal) => this.#send(statsCall(kind, uuid, window), signal));
  }

  /**
   * Counts of up to `count` calendar periods from the UTC day of `from` on, in order; periods with no run are
   * left out.
   */
  async aggregatedStats(
    kind: SubjectKind,
    uuid: string,
    from: Date,
    period: Period,
    count: number,
    options?: CallOptions,
  ): Promise<PeriodStats[]> {
    return await this.#within(options, (signal) =>
      this.#inKnownDateForm((form) =>
        this.#send(aggregatedStatsCall(kind, uuid, from, period, count, form), signal),
      ),
    );
  }

  /** The last run; null when there never was one. */
  async lastRun(kind: SubjectKind, uuid: string, options?: CallOptions): Promise<LastRun | null> {
    return await this.#within(options, async (signal) => {
      try {
        return await this.#send(lastRunCall(kind, uuid), signal);
      } catch (error) {
        if (!(error instanceof ForbiddenError)) throw error;
        // The server says 403 of what never ran, too.
        const token = await this.#tokens.current(signal);
        if (surelyLacks("stats:read", token)) throw error;
        return null;
      }
    });
  }

  /** What the OAuth client may do, e.g. `['pipelines:run', 'stats:read']`. Gets a token if there is none. */
  async scopes(options?: CallOptions): Promise<string[]> {
    const token = await this.#within(options, (signal) => this.#tokens.current(signal));
    return [...token.scopes];
  }

  /**
   * The server's time now, by its answers' `Date` headers and a clock that nobody sets: never late, early by a second
   * and an answer's way at most, whatever this machine's own clock says. Null while no answer has told.
   */
  serverTime(): Date | null {
    return this.#transport.serverClock.now();
  }

  /**
   * Ends every running call with an AbortError, refuses new ones, and resolves when nothing is on its way.
   * Connections kept alive do not keep the process running.
   */
  async close(): Promise<void> {
    this.#closing.abort(new DOMException("The Ylem client was closed", "AbortError"));
    await this.#transport.idle();
  }

  async #within<T>(options: CallOptions = {}, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const signals = options.signal ? [this.#closing.signal, options.signal] : [this.#closing.signal];
    return await withLinkedController(signals, async ({ signal }) => {
      signal.throwIfAborted();
      return await work(signal);
    });
  }

  /** A refused token is renewed once; that a fresh one is refused too is an error. */
  async #send<T>(call: Call<T>, signal: AbortSignal): Promise<T> {
    const token = await this.#tokens.current(signal);
    try {
      return await this.#transport.send(call, token.value, signal);
    } catch (error) {
      if (!(error instanceof CredentialsRefusedError)) throw error;
      const replacement = await this.#tokens.replacementFor(token, signal);
      return await this.#transport.send(call, replacement.value, signal);
    }
  }

  /**
   * The server wants a time behind the date and says 400 to the form in the reference; a hosted service may
   * follow the reference. The first form that works is kept for good.
   */
  async #inKnownDateForm<T>(ask: (form: DateForm) => Promise<T>): Promise<T> {
    if (this.#dateForm !== null) return await ask(this.#dateForm);
    try {
      return await this.#learning("date and time", ask);
    } catch (error) {
      if (!(error instanceof RequestRefusedError) || error.status !== 400) throw error;
      return await this.#learning("date", ask);
    }
  }

  async #learning<T>(form: DateForm, ask: (form: DateForm) => Promise<T>): Promise<T> {
    const answer = await ask(form);
    this.#dateForm ??= form;
    return answer;
  }
}
