import { Float } from '../hydra/float.ts';

export type StatusValue =
  string | number | boolean | Float | readonly string[] | { readonly [key: string]: StatusValue };

/** The shortest text of a number; of two that are equally near the program writes the larger (seen in captures), as `toFixed` does. */
const floatText = (value: number): string => {
  const [, fraction = '0'] = String(value).split('.');
  return value.toFixed(fraction.length);
};

/** Writes a status the way the program does: on one line, keys sorted, no spaces. A watch asks for one every few seconds. */
export const writeStatus = (value: StatusValue): string => {
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'object' || Array.isArray(value)) return JSON.stringify(value);
  if (value instanceof Float) return floatText(value.value);
  const members = value as Readonly<Record<string, StatusValue>>;
  const texts = Object.keys(members)
    .sort()
    .map((key) => `${quoted(key)}:${writeStatus(members[key] ?? '')}`);
  return `{${texts.join(',')}}`;
};

/** Names of machines come and go, so only so many are kept. */
const QUOTED_MAX = 5000;
const quotedKeys = new Map<string, string>();

function quoted(key: string): string {
  const known = quotedKeys.get(key);
  if (known !== undefined) return known;
  const text = JSON.stringify(key);
  if (quotedKeys.size < QUOTED_MAX) quotedKeys.set(key, text);
  return text;
}
