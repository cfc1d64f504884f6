import { dirname } from "node:path";
import { Command, CommanderError } from "commander";
import { closestMatch } from "leven";
import { z } from "zod";
import { calledAs } from "./called-as.ts";
import type { Context } from "./context.ts";
import { codeVersionOf, releaseOf } from "./code-version.ts";
import { readEnvironment } from "./environment.ts";
import { systemErrorCode, systemErrorText, UsageError } from "./errors.ts";
import { exitCode, type ExitCode } from "./exit-code.ts";
import { createLog } from "./log.ts";
import { hasDocument, isColorful } from "./print-result.ts";
import { useProxies } from "./proxies.ts";
import { toText } from "./styled-text.ts";
import { visibleJson, visibleText } from "./visible-text.ts";

/** Gets what `--config` and `--json` were as context, and the command's own options as its schema parsed them. */
export type Action<Options> = (context: Context, options: Options, args: string[]) => Promise<ExitCode>;

export interface ProgramOptions {
  /** What it is called when it is installed; help texts hold it wherever the reader has to type it. */
  name: string;
  /** The script of the repository's package.json that starts it. */
  script: string;
  description: string;
  /** The app's folder: its package.json holds the version. */
  folder: string;
  /**
   * Error classes an operator can do something about, the exit code each means and, where the error itself does not
   * say it, what to do. The first that fits counts. Others are bugs.
   */
  exitCodes: readonly (readonly [type: new (...args: never[]) => Error, code: ExitCode, advice?: string])[];
}

/** What `--json` prints instead of a result. */
export interface ErrorDocument {
  error: {
    /** The kind of error, such as `ConfigError`; `Error` where it was not foreseen. */
    name: string;
    message: string;
    /** As of the process. */
    exitCode: ExitCode;
  };
}

/** A command line program whose commands share options, errors, signals and exit codes. */
export class Program {
  readonly #options: ProgramOptions;
  readonly #commander: Command;
  readonly #release: string;
  /** What its user typed to start it. */
  readonly #calledAs: string;
  readonly #stop = new AbortController();
  #exitCode: ExitCode = exitCode.done;

  constructor(options: ProgramOptions) {
    this.#options = options;
    this.#release = releaseOf(options.folder);
    const { env, argv } = process;
    this.#calledAs = calledAs(
      { bin: options.name, script: options.script },
      { env, argv, cwd: process.cwd() },
    );
    this.#commander = withSharedOptions(new Command(this.#calledAs))
      .description(options.description)
      .version(this.#release, "--version")
      .exitOverride()
      // A wrong command line is told by `#report`, like every other error.
      .configureOutput({ outputError: () => {} });
  }

  /**
   * Adds a command; `define` gives it arguments, options and help. What the options were is text: `options` makes values
   * of it, or throws a UsageError that names the option and says what to write.
   */
  command<Options extends z.ZodObject>(
    usage: string,
    description: string,
    define: (command: Command) => Command,
    options: Options,
    action: Action<z.output<Options>>,
    { isDefault = false, help = "" } = {},
  ): this {
    const command = this.#commander.command(usage, { isDefault }).description(description);
    assertParsed(define(withSharedOptions(command)), options);
    command.addHelpText("after", help.replaceAll(this.#options.name, this.#calledAs)).action(async () => {
      // Options stand before or behind the command's name.
      const context = this.#context(SHARED_OPTIONS.parse(command.optsWithGlobals()));
      await useProxies(context.environment.proxies);
      this.#exitCode = await action(context, parsedOptions(command, options), command.args);
    });
    return this;
  }

  /** Runs the command line and resolves to the exit code once all output is written. Never rejects. */
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
    const unwritten = watchOutput();
    try {
      this.#refuseUnknownCommand(argv);
      await this.#commander.parseAsync(argv, { from: "user" });
    } catch (error) {
      this.#exitCode = this.#report(error, argv, stoppedBy);
    } finally {
      for (const off of handlers) {
        off();
      }
    }
    return stoppedBy ?? (await this.#sayUnwritten(unwritten)) ?? this.#exitCode;
  }

  /** Commander would take a misspelled command for an argument of the default one. */
  #refuseUnknownCommand(argv: readonly string[]): void {
    const [word] = this.#commander.parseOptions([...argv]).operands;
    const known = this.#commander.commands.map((command) => command.name());
    if (word === undefined || word === "help" || known.includes(word)) {
      return;
    }
    const meant = closestMatch(word, known, { maxDistance: Math.ceil(word.length / 3) });
    throw new UnknownCommandError(
      `there is no command ${word}${meant === undefined ? `; there are ${known.join(", ")}` : `: did you mean ${meant}?`}`,
    );
  }

  #context({ config, json = false }: z.output<typeof SHARED_OPTIONS>): Context {
    const environment = readEnvironment({ ...process.env, ...(config && { RUNLEDGER_CONFIG: config }) });
    const { stdout, stderr } = process;
    const { folder } = this.#options;
    let version: string | null = null;
    return {
      // Asking git takes longer than most commands take to start, and few of them tell the version.
      get version() {
        version ??= codeVersionOf(folder, dirname(dirname(folder)));
        return version;
      },
      environment,
      log: createLog({
        level: environment.logLevel,
        isColorful: isColorful(stderr, environment),
        stream: stderr,
      }),
      signal: this.#stop.signal,
      now: () => new Date(),
      stdout,
      stderr,
      isJson: json,
      isInteractive: stderr.isTTY && !environment.isCi && !json,
    };
  }

  /** Says what went wrong, in one message, and gives the exit code for it. */
  #report(error: unknown, argv: readonly string[], stoppedBy: ExitCode | null): ExitCode {
    if (error instanceof CommanderError && error.exitCode === 0) {
      return exitCode.done;
    }
    const { lines: all, code } = this.#explain(error);
    const lines =
      all.length > MOST_LINES ? [...all.slice(0, MOST_LINES), `… and ${all.length - MOST_LINES} more`] : all;
    if (stoppedBy === null) {
      process.stderr.write(toText([`${this.#options.name}: ${lines[0]}`, ...lines.slice(1)], false));
    }
    if (argv.includes("--json") && !hasDocument(process.stdout)) {
      const name = nameOf(error);
      const told = { name, message: lines.join("\n"), exitCode: stoppedBy ?? code };
      process.stdout.write(`${visibleJson({ error: told } satisfies ErrorDocument, 2)}\n`);
    }
    return code;
  }

  #explain(error: unknown): { lines: string[]; code: ExitCode } {
    if (error instanceof CommanderError || error instanceof UsageError) {
      const help = `Run ${this.#calledAs} --help to see what is possible.`;
      const isCommandLine = error instanceof CommanderError || error instanceof UnknownCommandError;
      const isEmpty = error instanceof CommanderError && error.code === "commander.help";
      const message = isEmpty ? "name a command" : error.message.replace(/^error: /u, "");
      return { lines: [...message.split("\n"), ...(isCommandLine ? [help] : [])], code: exitCode.usage };
    }
    const found = this.#options.exitCodes.find(([type]) => error instanceof type);
    if (found !== undefined) {
      const [, code, advice] = found;
      const [last = "", ...before] = messageOf(error).split("\n").toReversed();
      // Cut apart from its advice, which is to be read however long the message is.
      const advised = advice === undefined ? last : `${visibleText(last)}. ${advice}.`;
      return { lines: [...before.toReversed(), advised], code };
    }
    if (systemErrorCode(error) !== null) {
      return { lines: [`${systemErrorText(error)}: ${messageOf(error)}`], code: exitCode.partial };
    }
    return { lines: unexpected(error), code: exitCode.partial };
  }

  /** Waits until all is written. Whoever reads no further has what they want; a full disk is told. */
  async #sayUnwritten(unwritten: () => Error | null): Promise<ExitCode | null> {
    await Promise.all(
      [process.stdout, process.stderr].map((stream) => new Promise((done) => stream.write("", done))),
    );
    const error = unwritten();
    if (error === null || systemErrorCode(error) === "EPIPE") {
      return null;
    }
    process.stderr.write(
      `${this.#options.name}: the result could not be written: ${systemErrorText(error)}\n`,
    );
    return exitCode.partial;
  }
}

/** A file that is broken as a whole can be broken in a thousand places. */
const MOST_LINES = 40;

class UnknownCommandError extends UsageError {
  override name = "UsageError";
}

/** Keeps what stdout cannot take; without a listener that would end the process with a stack trace. */
function watchOutput(): () => Error | null {
  let failure: Error | null = null;
  process.stdout.on("error", (error) => (failure ??= error));
  process.stderr.on("error", () => {});
  return () => failure;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function nameOf(error: unknown): string {
  if (error instanceof CommanderError) return UsageError.name;
  return error instanceof Error ? error.name : "Error";
}

/** A bug, in a line; whoever looks into it asks for the stack. */
function unexpected(error: unknown): string[] {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  if (process.env["LOG_LEVEL"] === "debug") {
    return `unexpected error: ${stack}`.split("\n");
  }
  const [first] = messageOf(error).split("\n");
  const name = error instanceof Error ? `${error.name}: ` : "";
  return [`unexpected error: ${name}${first} (LOG_LEVEL=debug shows where)`];
}

/** The reason a signal gives to what it stops. */
export class InterruptedError extends Error {
  override name = "InterruptedError";

  constructor(signal: string) {
    super(`interrupted by ${signal}`);
  }
}

const SHARED_OPTIONS = z.object({ config: z.string().optional(), json: z.boolean().optional() });

/** An option that the schema does not have would be dropped without a word. */
function assertParsed(command: Command, schema: z.ZodObject): void {
  const defined = command.options.map((option) => option.attributeName());
  const parsed = Object.keys({ ...SHARED_OPTIONS.shape, ...schema.shape });
  const differing = [...defined, ...parsed].filter(
    (name) => !defined.includes(name) || !parsed.includes(name),
  );
  if (differing.length > 0) {
    throw new Error(`${command.name()}: help and schema differ in the options ${differing.join(", ")}`);
  }
}

function parsedOptions<Options extends z.ZodObject>(command: Command, schema: Options): z.output<Options> {
  const { data, error } = schema.safeParse(command.opts());
  if (error === undefined) return data;
  const flagOf = (name: unknown) =>
    command.options.find((option) => option.attributeName() === name)?.long ?? String(name);
  throw new UsageError(error.issues.map(({ path, message }) => `${flagOf(path[0])}: ${message}`).join("\n"));
}

function withSharedOptions(command: Command): Command {
  return command
    .option("--config <path>", "the configuration (default: $RUNLEDGER_CONFIG or ./runledger.yaml)")
    .option("--json", "print one JSON document on stdout; logs go to stderr");
}
