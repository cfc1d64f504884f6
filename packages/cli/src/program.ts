import { readFileSync } from "node:fs";
import { Command, CommanderError, type OptionValues } from "commander";
import { readEnvironment, type Environment } from "./environment.ts";
import { UsageError } from "./errors.ts";
import { exitCode, type ExitCode } from "./exit-code.ts";
import { createLog, type Log } from "./log.ts";

/** What every command gets: the edge of the process, as values. */
export interface Context {
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
  /** Error classes an operator can do something about, and the exit code each means. Others are bugs. */
  exitCodes: readonly (readonly [new (...args: never[]) => Error, ExitCode])[];
}

/** A command line program whose commands share options, errors, signals and exit codes. */
export class Program {
  readonly #options: ProgramOptions;
  readonly #commander: Command;
  readonly #stop = new AbortController();
  #exitCode: ExitCode = exitCode.done;

  constructor(options: ProgramOptions) {
    this.#options = options;
    this.#commander = withSharedOptions(new Command(options.name))
      .description(options.description)
      .version(versionOf(options.folder), "--version")
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
    const code = known.find(([type]) => error instanceof type)?.[1];
    const message = error instanceof Error ? error.message : String(error);
    const bug = error instanceof Error ? (error.stack ?? message) : message;
    process.stderr.write(
      `${this.#options.name}: ${code === undefined ? `unexpected error: ${bug}` : message}\n`,
    );
    return code ?? exitCode.partial;
  }
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
