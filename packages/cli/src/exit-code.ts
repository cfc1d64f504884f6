/** What a command's exit code says. */
export const exitCode = {
  done: 0,
  /** Part of the work failed; the rest has landed. */
  partial: 1,
  /** The command line, the configuration or the credentials have to be mended first. */
  usage: 2,
  /** Another run holds the lock. */
  locked: 75,
  /** SIGINT. What was committed stays. */
  interrupted: 130,
  /** SIGTERM. What was committed stays. */
  terminated: 143,
} as const;

export type ExitCode = (typeof exitCode)[keyof typeof exitCode];
