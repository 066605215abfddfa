/** What people write in more than one place, and what it must look like. */
import * as z from 'zod';

/** Names that end up as one column, or part of one, of the machines file: nothing there may split or comment a line. */
export const WORD = '[A-Za-z0-9][A-Za-z0-9_.+-]*';

export const wordSchema = z
  .string()
  .regex(new RegExp(`^${WORD}$`), 'must be letters, digits, "_", ".", "+" or "-"');

export const pathSchema = z
  .string()
  .regex(/^\/[A-Za-z0-9_.+/-]*$/, 'must be an absolute path without spaces or special characters');

/** A part as it was written: without the keys that are there and undefined, which would hide a default. */
export type Written<T> = { readonly [K in keyof T]: Settled<Exclude<T[K], undefined>> };

type Settled<T> = T extends readonly (infer Item)[] ? readonly Item[] : T extends object ? Readonly<T> : T;

/** Drops keys that are there but undefined. */
export const written = <T extends object>(part: T): Written<T> =>
  Object.fromEntries(Object.entries(part).filter(([, value]) => value !== undefined)) as Written<T>;
