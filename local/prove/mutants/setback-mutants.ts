/** Breakages of what is made of AWS's answers: setbacks, absence, rests, and what is held back. */
import { caughtBy } from './mutant.ts';
import type { Mutant } from './mutant.ts';
import { always, is, never, when } from './operations.ts';

export const setbackMutants: readonly Mutant[] = [
  ...caughtBy(
    ['setbacks.test.ts'],
    [
      ['an end nobody wished is no setback', 'whatBefell', never('isEarly')],
      ['steps lost twice to spot go to spot again', 'backOffsAfter', never('isTakenAgain')],
      ['start for ever what AWS stops again', 'afterUndoneStart.undone', is('undone')],
      ['stopped machines pile up', 'whyNotKept', never('isExcess')],
      ['launch although the file cannot be written', 'holdOf', never('unofferable')],
    ],
  ),
  ...caughtBy(
    ['absence.test.ts'],
    [
      ['absence is the end', 'isGone', always('denied')],
      ['believe an answer that leaves out half the farm', 'halfSeen', always('missed', 'expected')],
    ],
  ),
  ...caughtBy(['back-off.test.ts'], [['a refusal of spot rests the type', 'scopesOf', always('type')]]),
  ...caughtBy(
    ['back-off.test.ts', 'farm-record.test.ts'],
    [
      ['forget what died because EC2 accepts the next launch', 'afterAcceptance', always('causeOf')],
      ['remember every pool', 'POOLS_MAX', is('15_000')],
    ],
  ),
  ...caughtBy(
    ['chosen-pools.test.ts'],
    [
      ['EC2 may choose again what rests', 'usablePlaces.left', never('until')],
      ['EC2 may choose again what lost machines', 'usablePlaces.left', never('lost')],
      ['refusals by instance type rest the market', 'afterRefusals', always('every')],
    ],
  ),
  ...caughtBy(
    ['scale-out.test.ts'],
    [['what is stuck holds its place for ever', 'isStuck', never('STUCK_SECONDS')]],
  ),
  ...caughtBy(
    ['doubts.test.ts'],
    [
      [
        'a first failure is nothing',
        'failures',
        when(['lastFailure', 'since'], (old) => `${old} && seen.consecutiveFailures > 1`),
      ],
    ],
  ),
];
