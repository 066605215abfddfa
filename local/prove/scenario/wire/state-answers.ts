/** Answers of DynamoDB that are sound in form and say that there is nothing, whatever there is. */

export class StateAnswers {
  readonly #empty: { times: number }[] = [];

  /** From now on reads find nothing. Returns how to end it. @param times reads that it strikes; all when absent. */
  empty(times = Infinity): () => void {
    const one = { times };
    this.#empty.push(one);
    return () => {
      one.times = 0;
    };
  }

  /** Whether the read that is answered now finds nothing. */
  isEmpty(): boolean {
    const struck = this.#empty.find(({ times }) => times > 0);
    if (struck === undefined) return false;
    struck.times -= 1;
    return true;
  }
}
