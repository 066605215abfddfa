/** What people have to see to at a Rust queue runner, by its status. */
import type { Problem } from '../../core/model/index.ts';
import { excerpt } from '../../core/text/excerpt.ts';
import type { RustAnswer } from './answer.ts';

const MAX_NAMED = 5;

/** A machine's key with a number of its steps. */
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
  return [
    {
      says: `${steps} ${steps === 1 ? 'step hangs on a machine' : 'steps hang on machines'} that the queue runner no longer has: ${named(gone)}`,
      remedy:
        'if this lasts for minutes, restart the queue runner at a quiet moment: it then builds them elsewhere; other builds that run at that time begin again, without losing a try',
    },
  ];
}

/**
 * What a machine has left of its slots goes on as ever
 * (measured: docs/develop/facts.md#a-step-that-ends-without-the-database-keeps-its-slot).
 */
export function lostSlots(held: readonly OfMachine[]): readonly Problem[] {
  if (held.length === 0) return [];
  const slots = stepsOn(held);
  return [
    {
      says: `${slots} ${slots === 1 ? 'slot is' : 'slots are'} held by steps that are over, on ${named(held)}: the queue runner could not write down their end, as when its database was away`,
      remedy:
        'none: machines that have no other slot left are replaced, and the others end when they are not needed; restarting hydra-builder on one frees its slots at once, and ends what it builds',
    },
  ];
}

function named(machines: readonly OfMachine[]): string {
  const names = machines.slice(0, MAX_NAMED).map(([key]) => excerpt(key));
  const more = machines.length > MAX_NAMED ? ` and ${machines.length - MAX_NAMED} more` : '';
  return `${names.join(', ')}${more}`;
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
