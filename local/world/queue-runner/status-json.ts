import { Float } from '../hydra/float.ts';

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
