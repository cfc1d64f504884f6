import { SourceHistory } from "@runledger/ylem-sandbox";

/**
 * A history that never changes and is asked the same each round: it works an answer out once, so that what is
 * measured later is what happens on this side of the wire.
 */
export class PreparedHistory extends SourceHistory {
  readonly #answers = new Map<string, unknown>();

  override runLog(...question: Parameters<SourceHistory["runLog"]>) {
    return this.#once("runLog", question, () => super.runLog(...question));
  }

  override stats(...question: Parameters<SourceHistory["stats"]>) {
    return this.#once("stats", question, () => super.stats(...question));
  }

  override aggregatedStats(...question: Parameters<SourceHistory["aggregatedStats"]>) {
    return this.#once("aggregatedStats", question, () => super.aggregatedStats(...question));
  }

  #once<Answer>(kind: string, question: unknown, work: () => Answer): Answer {
    const key = `${kind} ${JSON.stringify(question)}`;
    if (!this.#answers.has(key)) {
      this.#answers.set(key, work());
    }
    // Under this key there is only ever what `work` of this kind gave.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    return this.#answers.get(key) as Answer;
  }
}
