/** Breakages of what decides. */
import { caughtBy } from './mutant.ts';
import type { Mutant } from './mutant.ts';
import { always, chooses, is, never, replaces, without } from './operations.ts';

export const coreMutants: readonly Mutant[] = [
  ...caughtBy(
    ['scale-out.test.ts', 'plan.property.test.ts'],
    [
      ['forget the cap of a type', 'accountOf', replaces('maxMachines', '1e9')],
      ['forget the cap of all types', 'allRoom', replaces('maxTotalMachines', '1e9')],
    ],
  ),
  ...caughtBy(
    ['scale-out.test.ts', 'inventory.test.ts'],
    [
      [
        'booting machines are no capacity',
        'scaleOut',
        replaces('isCapacity', "(one) => isCapacity(one) && one.machine.phase === 'ready'"),
      ],
      ['take the Hydra host for a machine', 'whyLeftAlone', never('host')],
    ],
  ),
  ...caughtBy(
    ['origin.test.ts', 'scenarios.test.ts'],
    [['adopt whatever bears our tag', 'whyLeftAlone', never('notOurs')]],
  ),
  ...caughtBy(
    ['origin.test.ts'],
    [
      ['adopt what comes from somebody else’s launch template', 'whyNotOurs', always('id')],
      ['take what EC2 does not tell for a no', 'whyNotOurs', never('templates')],
    ],
  ),
  ...caughtBy(
    ['scale-in.test.ts', 'found.test.ts'],
    [
      ['a lowered cap shrinks no busy farm', 'machinesToKeep', replaces('maxMachines', 'Infinity')],
      ['paid time is thrown away', 'reprieveOf', never('paidLeft')],
      [
        'idle machines stay for the steps of draining ones',
        'machinesToKeep',
        replaces('isCapacity', '() => true'),
      ],
      ['idle machines rank above those at work', 'byWorth', without('Number')],
      ['a lost drain waits for ever', 'reprieveOf', never('isDrainLost')],
      ['drain only when the hour has turned', 'hourEnd.drainSeconds', is('0')],
    ],
  ),
  ...caughtBy(
    ['orders.test.ts'],
    [
      ['end machines of a paused type', 'endMachine', never('isPaused')],
      ['leave a machine listed that is sent away', 'endReady', always('drain')],
      ['drain machines of a paused type', 'accountOf', chooses('scaleIn')],
      ['drain a protected machine that nobody needs', 'scaleIn', never('protect')],
      ['take back whom a person sends away', 'isUnblamed', always('order', 'drain')],
    ],
  ),
  ...caughtBy(
    ['found.test.ts'],
    [
      [
        'wait for ever for a queue runner that knows nothing',
        'noteRunner',
        replaces('forgetShown()', 'noted.machine'),
      ],
    ],
  ),
  ...caughtBy(
    ['boot.test.ts'],
    [
      ['list machines on hope', 'boot', always('reached')],
      ['offer a machine that two keys are told of', 'boot', always('objection')],
      ['ignore interruptions', 'checkHealth', never('interrupted')],
    ],
  ),
  ...caughtBy(
    ['speed.test.ts'],
    [
      ['loads of packed machines count', 'packingScale', replaces('maxJobs', '0')],
      ['what people call slow is spread', 'packingScale', replaces('min()', '1')],
      ['spread machines are packed', 'speedsOf', never('placement')],
      ['of machines paid by the hour any may be filled first', 'speedsOf', replaces('rank', '0')],
    ],
  ),
  ...caughtBy(
    ['host-files.test.ts'],
    [['static machines that come after ours are not told', 'staticSpeeds', always('later', '0')]],
  ),
  ...caughtBy(['listing.test.ts'], [['leave the placeholders out', 'listingsFor', without('placeholder')]]),
  ...caughtBy(
    ['inventory.test.ts'],
    [['adopt strangers without a trusted status', 'whyLeftAlone', never('status')]],
  ),
  ...caughtBy(
    ['dispatcher.test.ts'],
    [['never wake a stalled dispatcher', 'judgeDispatcher', never('isStall', 'lastNudgedAt')]],
  ),
];
