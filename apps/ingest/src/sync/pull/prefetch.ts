/** Yields what `source` yields, and lets it work on the next `count` values while the consumer works on this one. */
export async function* prefetch<T>(source: AsyncGenerator<T>, count: number): AsyncGenerator<T> {
  const coming: Promise<IteratorResult<T, unknown>>[] = [];
  const ask = (): void => {
    const next = source.next();
    // Where the consumer stops, nobody asks for it any more.
    next.catch(() => {});
    coming.push(next);
  };
  for (let asked = 0; asked < count; asked += 1) {
    ask();
  }
  for (let next = coming.shift(); next !== undefined; next = coming.shift()) {
    const { done, value } = await next;
    if (done) {
      return;
    }
    ask();
    yield value;
  }
}
