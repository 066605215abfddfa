/** Broken rules, as they are found. */
import type { Timeline } from '../timeline.ts';

export interface Violation {
  /** Of the design's eight; 9 is an order of a person that was not kept. */
  readonly rule: number;
  /** Epoch seconds. */
  readonly at: number;
  readonly what: string;
}

/** Notes a broken rule at the present instant. */
export type Violate = (rule: number, what: string) => void;

/** Appends to `list` with the timeline's instant. */
export const violateInto =
  (list: Violation[], timeline: Timeline): Violate =>
  (rule, what) => {
    list.push({ rule, at: timeline.now, what });
  };
