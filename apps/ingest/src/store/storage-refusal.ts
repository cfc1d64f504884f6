/**
 * Whether the database refuses what it was given for its content: values it has no room for, or more than it takes at once.
 * Other errors say nothing of the rows: a connection that ends, a lease that is lost, a disk that is full.
 */
export function isRefusedForItsContent(error: unknown): error is Error {
  if (error instanceof RangeError) return true;
  if (!(error instanceof Error) || !("code" in error)) return false;
  const code = String(error.code);
  return code.length === 5 && REFUSALS.some((refusal) => code.startsWith(refusal));
}

/** Data exceptions, program limits, out of memory for the statement, and messages that are no protocol any more. */
const REFUSALS = ["22", "54", "53200", "08P01"];
