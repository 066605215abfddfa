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

export type StatusValue =
  string | number | boolean | Float | readonly string[] | { readonly [key: string]: StatusValue };

/** The shortest text of a number; of two that are equally near the program writes the larger (seen in captures), as `toFixed` does. */
const floatText = (value: number): string => {
  const [, fraction = '0'] = String(value).split('.');
  return value.toFixed(fraction.length);
};

/** Writes a status the way the program does: on one line, keys sorted, no spaces. */
export const writeStatus = (value: StatusValue): string => {
  if (value instanceof Float) return floatText(value.value);
  if (typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return JSON.stringify(value);
  const entries = Object.entries(value as Readonly<Record<string, StatusValue>>).sort(([a], [b]) =>
    a < b ? -1 : 1,
  );
  return `{${entries.map(([key, member]) => `${JSON.stringify(key)}:${writeStatus(member)}`).join(',')}}`;
};
