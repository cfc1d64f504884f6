/** Keeps what was found for keys, for at most so many of them: then what it has kept longest makes room. */
export class BoundedCache<Key, Value extends object> {
  readonly #most: number;
  readonly #find: (key: Key) => Value;
  readonly #found = new Map<Key, Value>();

  constructor(most: number, find: (key: Key) => Value) {
    this.#most = most;
    this.#find = find;
  }

  get(key: Key): Value {
    const known = this.#found.get(key);
    if (known !== undefined) return known;
    const value = this.#find(key);
    this.#found.set(key, value);
    if (this.#found.size > this.#most) {
      const { value: oldest } = this.#found.keys().next();
      if (oldest !== undefined) this.#found.delete(oldest);
    }
    return value;
  }
}
