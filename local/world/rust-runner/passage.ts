/** What comes to a builder or goes out from it: while the way is closed it waits, in order. */
export class Passage {
  readonly #isOpen: () => boolean;
  #held: (() => void)[] = [];
  #isOver = false;

  constructor(isOpen: () => boolean) {
    this.#isOpen = isOpen;
  }

  pass(happen: () => void): void {
    if (this.#isOver) return;
    if (this.#isOpen()) happen();
    else this.#held.push(happen);
  }

  /** The way may be open again. */
  letThrough(): void {
    for (const happen of this.#held.splice(0)) this.pass(happen);
  }

  /** Nothing comes through any more, whatever is held included. */
  end(): void {
    this.#isOver = true;
    this.#held = [];
  }
}
