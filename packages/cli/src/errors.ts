/** The command line or the environment is not what the command needs. The message says how to mend it. */
export class UsageError extends Error {
  override name = "UsageError";
}
