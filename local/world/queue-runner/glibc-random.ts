const DEGREE = 31;
const SEPARATION = 3;
const DISCARDED = 310;
const MODULUS = 2_147_483_647;

/**
 * glibc's `rand()`: the additive feedback generator of 31 words (TYPE_3) that a program gets which never calls
 * `srand`. The queue runner never does, so after every start its back-offs draw 1804289383, 846930886,
 * 1681692777, … in this order (measured: docs/develop/facts.md#back-offs-repeat-after-every-start).
 */
export class GlibcRandom {
  /** The last 31 words, as a ring; `#next` is the oldest of them. */
  readonly #words = new Uint32Array(DEGREE);
  #next = SEPARATION;

  /** @param seed as for `srand`; 1 is what a program without a seed has. */
  constructor(seed = 1) {
    let word = seed === 0 ? 1 : seed;
    for (let index = 0; index < DEGREE; index++) {
      this.#words[index] = word;
      word = Number((16_807n * BigInt(word)) % BigInt(MODULUS));
    }
    for (let index = 0; index < DISCARDED; index++) this.#step();
  }

  /** The next number, 0 … 2^31 - 1. */
  next(): number {
    return this.#step() >>> 1;
  }

  #step(): number {
    const index = this.#next;
    const apart = (index + DEGREE - SEPARATION) % DEGREE;
    const word = ((this.#words[index] ?? 0) + (this.#words[apart] ?? 0)) >>> 0;
    this.#words[index] = word;
    this.#next = (index + 1) % DEGREE;
    return word;
  }
}
