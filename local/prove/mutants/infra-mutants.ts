/** Breakages of what is deployed. */
import { caughtBy } from './mutant.ts';
import type { Mutant } from './mutant.ts';
import { always, is, never } from './operations.ts';

export const infraMutants: readonly Mutant[] = [
  ...caughtBy(
    ['given-network.test.ts'],
    [['the subnets of an app are not those of its machines', 'inSubnets', always('undefined')]],
  ),
  ...caughtBy(
    ['given.test.ts'],
    [['tokens of an app end in the configuration of the function', 'resolved', never('length')]],
  ),
  ...caughtBy(
    ['examples.test.ts'],
    [['copies of examples are deployed with the values of the example', 'isExample', is('() => true')]],
  ),
];
