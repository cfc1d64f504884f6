/**
 * Reads a JSON list item by item while its text arrives, so that no more of the text is held than the item that is under
 * way. It takes several times as long as parsing the text at once: it is for lists that are too large for that.
 */
export class LargeList {
  readonly #items: unknown[] = [];
  /** What has come of the item under way. */
  #pieces: string[] = [];
  #depth = 0;
  #isInString = false;
  /** Whether the next character stands behind a backslash. */
  #isEscaped = false;
  #isClosed = false;
  #isBroken = false;

  /** Takes the text that follows. What comes after text that is no JSON is let go. */
  add(text: string): void {
    if (this.#isBroken) return;
    try {
      this.#scan(text);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      this.#isBroken = true;
      this.#items.length = 0;
      this.#pieces = [];
    }
  }

  /**
   * The items, once all of the text has been taken.
   *
   * @throws SyntaxError when it was not one whole JSON list.
   */
  items(): unknown[] {
    if (this.#isBroken || !this.#isClosed) throw new SyntaxError("not a whole JSON list");
    return this.#items;
  }

  #scan(text: string): void {
    let itemStart = 0;
    let at = this.#isEscaped ? 1 : 0;
    this.#isEscaped = false;
    while (at < text.length) {
      const isInString = this.#isInString;
      const special = isInString ? inString : outsideStrings;
      special.lastIndex = at;
      const index = special.exec(text)?.index ?? text.length;
      const character = text[index];
      if (!isInString && this.#depth === 0) assertBlank(text.slice(at, index));
      at = index + 1;
      if (character === undefined) break;
      if (isInString) {
        if (character === '"') this.#isInString = false;
        else if (at < text.length) at += 1;
        else this.#isEscaped = true;
        continue;
      }
      if (this.#isClosed) throw new SyntaxError("text after the list");
      switch (character) {
        case '"':
          if (this.#depth === 0) throw new SyntaxError("not a list");
          this.#isInString = true;
          break;
        case "[":
        case "{":
          if (this.#depth === 0) {
            if (character === "{") throw new SyntaxError("not a list");
            itemStart = at;
          }
          this.#depth += 1;
          break;
        case "]":
        case "}":
          this.#depth -= 1;
          if (this.#depth === 0) {
            if (character === "}") throw new SyntaxError("not closed as a list");
            this.#isClosed = true;
            this.#addItem(text.slice(itemStart, index));
          } else if (this.#depth < 0) {
            throw new SyntaxError("closed before it is opened");
          }
          break;
        case ",":
          if (this.#depth === 1) {
            this.#addItem(text.slice(itemStart, index));
            itemStart = at;
          } else if (this.#depth === 0) {
            throw new SyntaxError("not a list");
          }
          break;
      }
    }
    if (this.#depth > 0) this.#pieces.push(text.slice(itemStart));
  }

  #addItem(end: string): void {
    const item = [...this.#pieces, end].join("");
    this.#pieces = [];
    // `[]` has no item; `[1,]` has one too few.
    if (this.#isClosed && this.#items.length === 0 && !/[^ \t\r\n]/u.test(item)) return;
    this.#items.push(JSON.parse(item));
  }
}

const outsideStrings = /["[\]{},]/gu;
const inString = /["\\]/gu;

function assertBlank(text: string): void {
  if (/[^ \t\r\n]/u.test(text)) throw new SyntaxError("text beside the list");
}
