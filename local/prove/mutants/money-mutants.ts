/** Breakages of what people are told of money. */
import { caughtBy } from './mutant.ts';
import type { Mutant } from './mutant.ts';
import { is, never, replaces } from './operations.ts';

export const moneyMutants: readonly Mutant[] = [
  ...caughtBy(
    ['price.test.ts'],
    [
      ['AWS’s price beats that of the configuration', 'pricesOf', never('type', 'dollarsPerHour')],
      ['a machine’s price changes while it runs', 'priced', never('dollarsPerHour')],
      ['what AWS does not tell again is forgotten', 'pricesAfter.kept', never('includes')],
      ['what could not be asked is left alone for a week', 'AGAIN_SECONDS', is('86_400 * 7')],
    ],
  ),
  ...caughtBy(
    ['dollar-cap.test.ts'],
    [
      ['machines are launched whatever they cost together', 'fitting.affordable', is('Infinity')],
      ['the room of one type is not taken from the next', 'lessened', replaces('dollars', 'Infinity')],
      ['a new machine is taken for the cheapest', 'highestPrice', replaces('max()', 'price.value')],
      ['what runs costs nothing', 'knownCost', replaces('dollarsPerHour', '0')],
    ],
  ),
  ...caughtBy(['prices.test.ts'], [['machines wait for prices', 'keepPrices', never('hasTime')]]),
  ...caughtBy(
    ['money.test.ts'],
    [
      [
        'machines that stopped are billed',
        'BILLED',
        is("new Set(['booting', 'ready', 'draining', 'failed', 'stopped'])"),
      ],
    ],
  ),
];
