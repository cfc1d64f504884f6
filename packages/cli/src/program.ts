import { readFileSync } from "node:fs";
import { Command, CommanderError, type OptionValues } from "commander";
import { readEnvironment, type Environment } from "./environment.ts";
import { UsageError } from "./errors.ts";
import { exitCode, type ExitCode } from "./exit-code.ts";
import { createLog, type Log } from "./log.ts";

/** What every command gets: the edge of the process, as values. */
export interface Context {
  /** The app's version. */
  version: string;
  environment: Environment;
  log: Log;
  /** Aborted by SIGINT and SIGTERM. */
  signal: AbortSignal;
  now: () => Date;
  stdout: NodeJS.WriteStream;
  stderr: NodeJS.WriteStream;
  /** Whether `--json` asks for one JSON document on stdout. */
  isJson: boolean;
  /** Whether progress bars may be drawn: a terminal, not CI, no `--json`. */
  isInteractive: boolean;
}

/** What `--config`, `--json` and the command's own options were. */
export type Action<Options> = (context: Context, options: Options, args: string[]) => Promise<ExitCode>;

export interface ProgramOptions {
  name: string;
  description: string;
  /** The app's folder: its package.json holds the version. */
  folder: string;
  /**
   * Error classes an operator can do something about, the exit code each means and, where the error itself does not
   * say it, what to do. The first that fits counts. Others are bugs.
   */
  exitCodes: readonly (readonly [type: new (...args: never[]) => Error, code: ExitCode, advice?: string])[];
}

/** A command line program whose commands share options, errors, signals and exit codes. */
export class Program {
  readonly #options: ProgramOptions;
  readonly #commander: Command;
  readonly #version: string;
  readonly #stop = new AbortController();
  #exitCode: ExitCode = exitCode.done;

  constructor(options: ProgramOptions) {
    this.#options = options;
    this.#version = versionOf(options.folder);
    this.#commander = withSharedOptions(new Command(options.name))
      .description(options.description)
      .version(this.#version, "--version")
      .exitOverride()
      .showHelpAfterError("(run with --help to see what is possible)");
  }

  /** Adds a command; `define` gives it arguments, options and help. */
  command<Options extends OptionValues>(
    usage: string,
    description: string,
    define: (command: Command) => Command,
    action: Action<Options>,
    { isDefault = false } = {},
  ): this {
    const command = this.#commander.command(usage, { isDefault }).description(description);
    define(withSharedOptions(command)).action(async () => {
      // Options stand before or behind the command's name.
      const context = this.#context(command.optsWithGlobals<SharedOptions>());
      this.#exitCode = await action(context, command.opts<Options>(), command.args);
    });
    return this;
  }

  /** Runs the command line and resolves to the exit code. Never rejects. */
  async run(argv: readonly string[]): Promise<number> {
    const stopOn = { SIGINT: exitCode.interrupted, SIGTERM: exitCode.terminated } as const;
    let stoppedBy: ExitCode | null = null;
    const handlers = Object.entries(stopOn).map(([signal, code]) => {
      const handler = (): void => {
        stoppedBy = code;
        this.#stop.abort(new InterruptedError(signal));
      };
      // The second signal finds no handler and ends the process at once.
      process.once(signal, handler);
      return () => process.off(signal, handler);
    });
    try {
      await this.#commander.parseAsync(argv, { from: "user" });
      return stoppedBy ?? this.#exitCode;
    } catch (error) {
      return stoppedBy ?? this.#report(error);
    } finally {
      for (const off of handlers) {
        off();
      }
    }
  }

  #context({ config, json = false }: SharedOptions): Context {
    const environment = readEnvironment({ ...process.env, ...(config && { RUNLEDGER_CONFIG: config }) });
    const { stdout, stderr } = process;
    const isTerminal = stderr.isTTY;
    return {
      version: this.#version,
      environment,
      log: createLog({
        level: environment.logLevel,
        isColorful: isTerminal && environment.isColorful,
        stream: stderr,
      }),
      signal: this.#stop.signal,
      now: () => new Date(),
      stdout,
      stderr,
      isJson: json,
      isInteractive: isTerminal && !environment.isCi && !json,
    };
  }

  /** Says what went wrong, in one message, and gives the exit code for it. */
  #report(error: unknown): ExitCode {
    if (error instanceof CommanderError) {
      return error.exitCode === 0 ? exitCode.done : exitCode.usage;
    }
    const known = [[UsageError, exitCode.usage] as const, ...this.#options.exitCodes];
    const found = known.find(([type]) => error instanceof type);
    const [, code, advice] = found ?? [null, exitCode.partial];
    const message = found ? messageOf(error) : unexpected(error);
    process.stderr.write(`${this.#options.name}: ${message}${advice === undefined ? "" : `. ${advice}.`}\n`);
    return code;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function unexpected(error: unknown): string {
  return `unexpected error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
}

/** The reason a signal gives to what it stops. */
export class InterruptedError extends Error {
  override name = "InterruptedError";

  constructor(signal: string) {
    super(`interrupted by ${signal}`);
  }
}

interface SharedOptions {
  config?: string;
  json?: boolean;
}

function withSharedOptions(command: Command): Command {
  return command
    .option("--config <path>", "the configuration (default: $RUNLEDGER_CONFIG or ./runledger.yaml)")
    .option("--json", "print one JSON document on stdout; logs go to stderr");
}

function versionOf(folder: string): string {
  const { version } = JSON.parse(readFileSync(`${folder}/package.json`, "utf8"));
  return version;
}
