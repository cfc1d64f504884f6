/** Yields what `source` yields, and lets it work on the next value while the consumer works on this one. */
export async function* oneAhead<T>(source: AsyncGenerator<T>): AsyncGenerator<T> {
  let coming = source.next();
  for (;;) {
    const { done, value } = await coming;
    if (done) {
      return;
    }
    coming = source.next();
    // Where the consumer stops, nobody asks for it any more.
    coming.catch(() => {});
    yield value;
  }
}
