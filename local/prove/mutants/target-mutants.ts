/** Breakages of the target wait, of what is learnt for it, and of what is told of costs. */
import { caughtBy } from './mutant.ts';
import type { Mutant } from './mutant.ts';
import { always, is, never, replaces } from './operations.ts';

export const targetMutants: readonly Mutant[] = [
  ...caughtBy(
    ['target-wait.test.ts'],
    [
      [
        'machines are launched that no step fills',
        'targetOf',
        replaces('min()', 'Math.ceil(work / (maxJobs * withinSeconds))'),
      ],
      ['waiting makes nobody impatient', 'IMPATIENCE', is('0')],
      ['steps that run do not count', 'LEFT_OF_RUNNING', is('0')],
      ['steps on draining machines count', 'pacesOf', replaces('isCapacity', '() => true')],
      ['what steps take is learnt of one machine', 'STEPS_TO_REMEMBER', is('1')],
      ['what steps take is never learnt', 'STEPS_TO_REMEMBER', is('Infinity')],
      ['hydra-provisioner’s settings do not count', 'policyOf', always('ancestorsKnobs', '0')],
    ],
  ),
  ...caughtBy(
    ['kept-by-target.test.ts'],
    [
      ['what boots is ended while steps wait', 'reprieveByTarget', never('booting')],
      ['an hour is kept like seconds', 'reprieveByTarget', never('hourly')],
      ['machines leave that steps could fill', 'neededNow', replaces('need', '0')],
      ['a machine at work never leaves early', 'BUSY_SECONDS', is('0')],
    ],
  ),
  ...caughtBy(
    ['ahead.test.ts'],
    [
      ['evaluations in vain are forgotten', 'afterEnd', replaces('some()', 'true')],
      ['hours are launched ahead like seconds', 'prospectsOf', replaces('billing', "''")],
      ['one harvest is enough to launch ahead', 'HARVESTS_TO_KNOW', is('1')],
      ['an evaluation is waited for without end', 'LATE_FACTOR', is('Infinity')],
      ['jobsets are remembered without end', 'JOBSETS_MAX', is('Infinity')],
    ],
  ),
  ...caughtBy(
    ['gaps.test.ts'],
    [
      ['all ranks are one', 'groupOf', replaces('findIndex()', '0')],
      ['gaps that never end are not counted', 'gapsAfter', replaces('over', '[]')],
      ['the longest pause is always waited for', 'keptSeconds', always('most')],
      ['falls grow without end', 'FALLS_MAX', is('Infinity')],
    ],
  ),
  ...caughtBy(
    ['core/config/costs.test.ts'],
    [
      ['hours cost nothing where AWS bills seconds', 'hoursNobodySells', never('hourly')],
      ['machines that no step fills cost nothing', 'machinesNobodyFills', always('runnablesPerMachine')],
      ['a long grace costs nothing', 'graceForNothing', never('GRACE_SECONDS_MAX')],
    ],
  ),
];
