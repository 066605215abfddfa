/** A value, or the problem for which there is none. */
import type { Problem } from '../model/index.ts';

export type Result<T, P = Problem> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: P };
