/**
 * Runs `work` with a controller whose signal also aborts, with the same reason, when one of `signals` does.
 * Unlike `AbortSignal.any` it leaves nothing behind on a signal that outlives the work.
 */
export async function withLinkedController<T>(
  signals: readonly AbortSignal[],
  work: (controller: AbortController) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const links = signals.map((signal) => onAbort(signal, () => controller.abort(signal.reason)));
  try {
    return await work(controller);
  } finally {
    for (const unlink of links) unlink();
  }
}

/** Settles like `promise`, but rejects with the signal's reason as soon as that aborts. */
export async function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const unlink = onAbort(signal, () => aborted.reject(signal.reason));
  try {
    return await Promise.race([promise, aborted.promise]);
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    unlink();
  }
}

function onAbort(signal: AbortSignal, listener: () => void): () => void {
  if (signal.aborted) listener();
  else signal.addEventListener("abort", listener, { once: true });
  return () => signal.removeEventListener("abort", listener);
}
