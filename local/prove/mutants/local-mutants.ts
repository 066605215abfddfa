/** Breakages of what judges from outside, and of what advises. */
import { caughtBy } from './mutant.ts';
import type { Mutant } from './mutant.ts';
import { always, is, never, replaces } from './operations.ts';

export const localMutants: readonly Mutant[] = [
  ...caughtBy(
    ['judge/ahead.test.ts'],
    [
      ['the judge takes any launch for wanted', 'Ahead.launched', always('#isAsked')],
      ['the judge takes one harvest for a habit', 'mayBring', always('length', '2')],
      ['the judge remembers for ever what was asked', 'MEMORY_SECONDS', is('Infinity')],
    ],
  ),
  ...caughtBy(
    ['knee.test.ts'],
    [
      ['advice prefers what is beaten', 'frontOf', never('cheapest')],
      ['advice counts a few seconds', 'priceOfBoth', replaces('SPARE_SECONDS', '0')],
    ],
  ),
  ...caughtBy(['slice.test.ts'], [['advice plays the same day of each week', 'paceFor', never('WEEK_DAYS')]]),
];
