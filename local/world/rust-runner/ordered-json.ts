import { Float } from '../hydra/float.ts';

/** What the Rust program writes: unlike the C++ one it keeps its keys in order, and knows null and lists of objects. */
export type OrderedJson =
  string | number | boolean | null | Float | readonly OrderedJson[] | { readonly [key: string]: OrderedJson };

/** The shortest text of a floating point number, with a fraction even when it is whole. */
const floatText = (value: number): string => (Number.isInteger(value) ? value.toFixed(1) : String(value));

/** Writes an answer on one line without spaces, its keys as they come. */
export const writeOrdered = (value: OrderedJson): string => {
  if (value instanceof Float) return floatText(value.value);
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(writeOrdered).join(',')}]`;
  const members = Object.entries(value as Readonly<Record<string, OrderedJson>>);
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${writeOrdered(member)}`).join(',')}}`;
};

/** An instant, in epoch seconds, as the program writes it: UTC, with the fraction that there is. */
export const instantText = (seconds: number): string => {
  const whole = Math.floor(seconds);
  const fraction = (seconds - whole)
    .toFixed(9)
    .slice(1)
    .replace(/\.?0+$/, '');
  return `${new Date(whole * 1000).toISOString().slice(0, 19)}${fraction}Z`;
};
