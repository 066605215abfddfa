/** Breakages of what decides. */
import { mutantsOf } from './mutant.ts';
import type { Mutant } from './mutant.ts';

const PLAN = ['test/core/plan'];
const ORDERS = ['test/prove/simulate/orders.test.ts'];

export const coreMutants: readonly Mutant[] = [
  ...mutantsOf(
    'lambdas/core/plan/scale.ts',
    ['test/core/plan/scale-out.test.ts', 'test/core/plan/plan.property.test.ts'],
    [
      ['forget the cap of a type', 'maxMachines - aliveOf(kept, now) - requested - leftAlone', '1e9'],
      [
        'forget the cap of all types',
        'config.maxTotalMachines -\n  aliveOf(machines, observation.now) -',
        '1e9 -\n  aliveOf(machines, observation.now) -',
      ],
    ],
  ),
  ...mutantsOf('lambdas/core/plan/scale-out.ts', PLAN, [
    [
      'booting machines are no capacity',
      'const lacking = demand.allowed - machines.filter(isCapacity).length - requested;',
      "const lacking = demand.allowed - machines.filter((m) => isCapacity(m) && m.machine.phase === 'ready').length - requested;",
    ],
  ]),
  ...mutantsOf('lambdas/core/plan/inventory.ts', PLAN, [
    ['take the Hydra host for a machine', 'instance.instanceId === hostId ? IS_THE_HOST : ', ''],
  ]),
  ...mutantsOf(
    'lambdas/core/plan/inventory.ts',
    ['test/core/plan/origin.test.ts', 'test/prove/scenario/scenarios.test.ts'],
    [['adopt whatever bears our tag', 'if (notOurs !== undefined) return notOurs;', '']],
  ),
  ...mutantsOf(
    'lambdas/core/plan/origin.ts',
    ['test/core/plan/origin.test.ts'],
    [
      [
        'adopt what comes from somebody else’s launch template',
        'knownTemplates(observation).some(({ id }) => id === templateId)',
        'knownTemplates(observation).length > 0',
      ],
      [
        'take what EC2 does not tell for a no',
        'observation.templates === undefined ? UNASKED : STRANGER',
        'STRANGER',
      ],
    ],
  ),
  ...mutantsOf(
    'lambdas/core/plan/scale-in.ts',
    ['test/core/plan/scale-in.test.ts', 'test/prove/simulate/found.test.ts'],
    [
      [
        'a lowered cap shrinks no busy farm',
        'Math.min(demand.type.maxMachines, Math.ceil(jobs / maxJobs))',
        'Math.ceil(jobs / maxJobs)',
      ],
      ['paid time is thrown away', "    return 'its hour is paid';", '    return undefined;'],
      [
        'idle machines stay for the steps of draining ones',
        'const atWork = ranked.filter(isCapacity);',
        'const atWork = ranked;',
      ],
      ['idle machines rank above those at work', 'Number(jobs(a) === 0) - Number(jobs(b) === 0),', ''],
      [
        'a lost drain waits for ever',
        'if (isDrainLost(context, planned)) return',
        'if (isDrainLost(context, planned) && context.observation.now < 0) return',
      ],
    ],
  ),
  ...mutantsOf('lambdas/core/plan/ending.ts', ORDERS, [
    ['end machines of a paused type', 'if (isPaused(context, machine.type)) return planned;', ''],
    [
      'leave a machine listed that is sent away',
      "if (order?.kind !== 'drain' || context.status === undefined ||",
      "if (order?.kind === 'drain' || context.status === undefined ||",
    ],
  ]),
  ...mutantsOf(
    'lambdas/core/plan/plan.ts',
    ['test/prove/simulate/found.test.ts'],
    [['wait for ever for a queue runner that knows nothing', 'forgetShown(context, noted)', 'noted.machine']],
  ),
  ...mutantsOf('lambdas/core/plan/scale.ts', ORDERS, [
    [
      'drain machines of a paused type',
      'pause === undefined ? scaleIn(context, demand, ofType, shares.get(key) ?? 0) : ofType',
      "pause === undefined || pause !== '' ? scaleIn(context, demand, ofType, shares.get(key) ?? 0) : ofType",
    ],
  ]),
  ...mutantsOf('lambdas/core/plan/scale-in.ts', ORDERS, [
    [
      'drain a protected machine that nobody needs',
      "...ranked.filter(({ order }) => order?.kind === 'protect'),",
      '',
    ],
    [
      'take back whom a person sends away',
      "  order?.kind !== 'drain' &&\n  isLeftToUs({ machine, order }) &&",
      '  isLeftToUs({ machine, order }) &&',
    ],
  ]),
  ...mutantsOf(
    'lambdas/core/billing.ts',
    ['test/core', 'test/prove/simulate/simulate.test.ts'],
    [
      [
        'drain only when the hour has turned',
        'drainSeconds: periodSeconds + DRAIN_SECONDS',
        'drainSeconds: 0 * (periodSeconds + DRAIN_SECONDS)',
      ],
    ],
  ),
  ...mutantsOf(
    'lambdas/core/plan/boot.ts',
    ['test/core/plan/boot.test.ts'],
    [
      [
        'list machines on hope',
        'if (type !== undefined && canBeReady && probe?.reached === true)',
        'if (type !== undefined && canBeReady)',
      ],
      ['offer a machine that two keys are told of', '    objection === undefined &&\n', ''],
      [
        'ignore interruptions',
        'if (learnt.instance?.interrupted === true)',
        'if (learnt.instance?.interrupted === undefined)',
      ],
    ],
  ),
  ...mutantsOf(
    'lambdas/core/plan/listing.ts',
    ['test/core/plan/listing.test.ts'],
    [
      [
        'leave the placeholders out',
        '...config.machineTypes.map((type, index) =>',
        '...config.machineTypes.slice(0, 0).map((type, index) =>',
      ],
    ],
  ),
  ...mutantsOf(
    'lambdas/core/plan/inventory.ts',
    ['test/core/plan/inventory.test.ts'],
    [
      [
        'adopt strangers without a trusted status',
        "if (context.status === undefined)\n    return 'it has no record;",
        "if (context.status === null)\n    return 'it has no record;",
      ],
    ],
  ),
  ...mutantsOf(
    'lambdas/core/plan/dispatcher.ts',
    ['test/core/plan/dispatcher.test.ts'],
    [['never wake a stalled dispatcher', 'const republish = isStall &&', 'const republish = !isStall &&']],
  ),
];
