/** What can go wrong with evaluations, of which nobody is told more than that they run. */
import { hourBesides } from './fault-kind.ts';
import type { FaultKind } from './fault-kind.ts';

/** The order matters: a kind's luck comes from its place, so new ones come last. */
export const EVALUATION_FAULT_KINDS = {
  'evaluation-in-vain': hourBesides(
    'database-down',
    3,
    'a jobset that has brought builds is evaluated for minutes, and nothing comes of it',
  ),
  'evaluation-endless': hourBesides(
    'runner-down',
    0.7,
    'the evaluation of a jobset that has brought builds hangs for hours, or what it was is never cleared away',
  ),
} as const satisfies Record<string, FaultKind>;
