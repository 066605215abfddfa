/** A number the program holds as floating point: it is written with a fraction even when it is whole. */
export class Float {
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }

  /** The quotient of two counters, in the single precision the program computes it in; 0 when there is nothing. */
  static average(total: number, count: number): Float {
    return new Float(count === 0 ? 0 : Math.fround(Math.fround(total) / Math.fround(count)));
  }
}
