/** What people have to see to at a Rust queue runner, by its status. */
import type { Problem } from '../../core/model/index.ts';
import { excerpt } from '../../core/text/excerpt.ts';
import type { RustAnswer } from './answer.ts';

const MAX_NAMED = 5;

/** A machine's key with its steps under way. */
type OfMachine = readonly [key: string, steps: number];

export const stepsOn = (machines: readonly OfMachine[]): number =>
  machines.reduce((sum, [, count]) => sum + count, 0);

/**
 * A machine that leaves while it is given work leaves a step behind that nobody builds
 * (measured: docs/develop/facts.md#a-builder-that-leaves-while-it-is-given-work-leaves-a-step-hanging).
 */
export function orphans(gone: readonly OfMachine[]): readonly Problem[] {
  if (gone.length === 0) return [];
  const steps = stepsOn(gone);
  const named = gone.slice(0, MAX_NAMED).map(([key]) => excerpt(key));
  const more = gone.length > MAX_NAMED ? ` and ${gone.length - MAX_NAMED} more` : '';
  return [
    {
      says: `${steps} ${steps === 1 ? 'step hangs on a machine' : 'steps hang on machines'} that the queue runner no longer has: ${named.join(', ')}${more}`,
      remedy:
        'if this lasts for minutes, restart the queue runner at a quiet moment: it then builds them elsewhere; other builds that run at that time begin again, without losing a try',
    },
  ];
}

/** Steps counted by their systems alone may be launched for by the wrong type. */
export const coarse = ({ by, why = 'it is not known why' }: RustAnswer['kinds']): readonly Problem[] =>
  by === 'features'
    ? []
    : [
        {
          says: `which features steps require could not be found out (${excerpt(why, 200)}): they are counted by their systems alone`,
          remedy: 'look whether /nix/store on the Hydra host holds the .drv files of the queue',
        },
      ];
