/** The command line or the environment is not what the command needs. The message says how to mend it. */
export class UsageError extends Error {
  override name = "UsageError";
}

/** What the operating system says of a file, disk or network: `EACCES`, `ENOSPC`. Null when the error is another. */
export function systemErrorCode(error: unknown): string | null {
  const isSystem = error instanceof Error && "syscall" in error && "code" in error;
  return isSystem && typeof error.code === "string" ? error.code : null;
}

/** What a system error means, for somebody who has to mend it: `permission denied (EACCES)`. */
export function systemErrorText(error: unknown): string {
  const code = systemErrorCode(error);
  const message = error instanceof Error ? error.message : String(error);
  if (code === null) {
    return message;
  }
  const meaning = MEANINGS[code] ?? message.replace(/^\w+: /u, "").replace(/, \w+( .*)?$/u, "");
  return `${meaning} (${code})`;
}

const MEANINGS: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EPERM: "not permitted",
  EROFS: "the file system is read-only",
  ENOSPC: "the disk is full",
  EDQUOT: "the quota is used up",
  ENOTDIR: "a file stands where a folder is needed",
  EISDIR: "it is a folder",
  EEXIST: "a file stands where a folder is needed",
  ENOENT: "there is no such file or folder",
  ELOOP: "its links lead in a circle",
  ENAMETOOLONG: "the name is too long",
  EMFILE: "too many files are open",
};
