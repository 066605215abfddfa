/** Accepted is not succeeded: machines that end without our wish count against where they came from. */
import { describe, expect, it } from 'vitest';
import type { BackOff, Instance, Machine, Pool } from '../../../lambdas/core/model/index.ts';
import type { WrittenMachineType } from '../../../lambdas/core/config/machine-type.ts';
import {
  LINUX,
  NOW,
  aBootingMachine,
  aConfig,
  aMachine,
  aStatus,
  aType,
  actionsIn,
  anInstance,
  anObservation,
  planFor,
  saidOf,
  steps,
  problemsIn,
} from '../given.ts';

const KMS = { code: 'Client.InvalidKMSKey.InvalidState', message: 'The KMS key is in an incorrect state' };
const RECLAIM = { code: 'Server.SpotInstanceTermination', message: 'Spot instance termination' };
const TYPES = ['c7i.2xlarge', 'c7a.2xlarge'] as const;
const pool = (instanceType: string, market: Pool['market'] = 'spot'): Pool => ({
  instanceType,
  subnet: '',
  market,
});
const SPOT = { instanceType: 'c7i.2xlarge', market: 'spot' } as const;
const CONFIG = (written: Partial<WrittenMachineType> = {}) =>
  aConfig([aType(LINUX, { instanceTypes: [...TYPES], runnablesPerMachine: 1, ...written })]);

function fall(
  machine: Machine,
  instance: Partial<Instance>,
  { backOffs = [], ...written }: Partial<WrittenMachineType> & { backOffs?: readonly BackOff[] } = {},
) {
  const observation = anObservation({
    machines: [machine],
    instances: [anInstance(instance)],
    farm: { backOffs },
    queue: aStatus({ demand: [steps(LINUX, 4)] }),
  });
  return planFor(observation, CONFIG(written));
}

describe('an on-demand machine that ends by itself', () => {
  it.each([
    ['before it was ready', aBootingMachine({ phaseSince: NOW - 20 }), NOW - 30],
    ['soon after it was ready', aMachine({ startedAt: NOW - 899 }), NOW - 899],
  ])(
    '%s rests its type with AWS’s own reason, and one at a time is tried after that',
    (_when, machine, startedAt) => {
      const plan = fall(machine, { state: 'terminated', startedAt, stateReason: KMS });
      expect(plan.farm.backOffs).toMatchObject([
        { type: LINUX, cause: 'ended', trial: true, until: NOW + 60 },
      ]);
      expect(plan.farm.backOffs[0]?.reason).toContain('Client.InvalidKMSKey.InvalidState');
      expect(plan.failed).toMatchObject([{ instanceId: machine.instanceId }]);
      expect(actionsIn(plan)).toEqual([]);
      const rested = {
        ...anObservation({ farm: plan.farm, queue: aStatus({ demand: [steps(LINUX, 4)] }) }),
        now: NOW + 60,
      };
      expect(actionsIn(planFor(rested, CONFIG()))).toEqual([`launch 1 ${LINUX}`]);
    },
  );
  it('after a quarter of an hour is no setback: it has been of use', () => {
    const plan = fall(aMachine({ startedAt: NOW - 900 }), { state: 'terminated', startedAt: NOW - 900 });
    expect([plan.farm.backOffs, plan.failed]).toEqual([[], []]);
    expect(actionsIn(plan)).toEqual([`launch 4 ${LINUX}`]);
  });
  it('because we ended it is none either', () => {
    const machine = aMachine({ phase: 'terminating', startedAt: NOW - 60 });
    expect(fall(machine, { state: 'terminated', startedAt: NOW - 60 }).farm.backOffs).toEqual([]);
  });
});

describe('a spot machine', () => {
  const spot = { market: 'spot' as const };

  it('that AWS takes rests its pool, and another one is used at once', () => {
    const plan = fall(aMachine(), { ...SPOT, state: 'terminated', stateReason: RECLAIM }, spot);
    expect(plan.farm.backOffs).toMatchObject([
      { pool: pool('c7i.2xlarge'), cause: 'taken', until: NOW + 180 },
    ]);
    expect(plan.launches[0]?.pools).toEqual([pool('c7a.2xlarge')]);
    expect(plan.failed).toEqual([]);
  });
  it('counts when AWS announces it, and not again when it ends', () => {
    const warned = fall(aMachine(), { ...SPOT, interrupted: true }, spot);
    expect(warned.farm.backOffs).toMatchObject([{ cause: 'taken', failures: 1 }]);
    const machine = aMachine({ phase: 'draining', interrupted: true });
    const ended = fall(machine, { ...SPOT, state: 'terminated', stateReason: RECLAIM }, spot);
    expect(ended.farm.backOffs).toEqual([]);
  });
  it('that ends for another reason rests its pool, and the next one there is tried alone', () => {
    const machine = aBootingMachine({ pool: pool('c7i.2xlarge') });
    const plan = fall(machine, { ...SPOT, state: 'terminated', stateReason: KMS }, spot);
    expect(plan.farm.backOffs).toMatchObject([{ pool: pool('c7i.2xlarge'), cause: 'ended', trial: true }]);
    const one = { instanceTypes: ['c7i.2xlarge'], ...spot };
    const rested = {
      ...anObservation({ farm: plan.farm, queue: aStatus({ demand: [steps(LINUX, 4)] }) }),
      now: NOW + 180,
    };
    expect(actionsIn(planFor(rested, CONFIG(one)))).toEqual([`launch 1 ${LINUX}`]);
  });
  it.each([
    ['was launched after the first was taken', NOW - 500, 'on-demand'],
    ['ran beside it', NOW - 700, 'spot'],
  ])('that is taken as well, and that %s, is replaced from %s', (_when, startedAt, market) => {
    const before: BackOff = {
      ...{ type: LINUX, pool: pool('c7a.2xlarge'), failures: 1, reason: 'taken', cause: 'taken' },
      ...{ at: NOW - 600, until: NOW - 420 },
    };
    const taken = { ...SPOT, state: 'terminated', stateReason: RECLAIM, startedAt } as const;
    const written = { market: 'spot-then-on-demand', backOffs: [before] } as const;
    const plan = fall(aMachine({ startedAt }), taken, written);
    expect(plan.launches[0]?.pools[0]?.market).toBe(market);
  });
});

describe('a machine that EC2 never ran', () => {
  it('rests its pool, not its type, and is ended', () => {
    const machine = aBootingMachine({ phaseSince: NOW - 600, pool: pool('c7i.2xlarge', 'on-demand') });
    const plan = fall(machine, { state: 'pending', instanceType: 'c7i.2xlarge' });
    expect(plan.farm.backOffs).toMatchObject([{ pool: pool('c7i.2xlarge', 'on-demand'), until: NOW + 180 }]);
    expect(actionsIn(plan)).toContain(`terminate ${machine.instanceId}`);
  });
});

describe('a start that EC2 undid', () => {
  const started = aBootingMachine({ startedAt: NOW - 9000, phaseSince: NOW - 30 });
  const down = { state: 'stopped', startedAt: NOW - 25, stateReason: KMS } as const;
  const keeping = { stopOnIdle: true, maxMachines: 1 } as const;

  it('is tried a second time', () => {
    const plan = fall(started, down, keeping);
    expect(plan.machines).toMatchObject([{ phase: 'booting', starts: { undone: 1, startedAt: NOW - 25 } }]);
    expect(actionsIn(plan)).toEqual([`start ${started.instanceId}`]);
  });
  it('twice gives the machine up, and another one is launched in its place', () => {
    const again = { ...started, starts: { undone: 1, refused: 0, startedAt: NOW - 500 } };
    const plan = fall(again, down, keeping);
    expect(actionsIn(plan).toSorted()).toEqual([`launch 1 ${LINUX}`, `terminate ${started.instanceId}`]);
    expect(saidOf(plan, started.instanceId)).toContain('InvalidKMSKey');
  });
  it('is told from one that was never sent: EC2 shows the start before', () => {
    const plan = fall(started, { ...down, startedAt: NOW - 9000 }, keeping);
    expect(plan.machines[0]).not.toHaveProperty('starts');
  });
});

describe('stopped machines', () => {
  const stopped = (n: number, secondsAgo: number): Machine =>
    aMachine({
      instanceId: `i-0000000${n}`,
      address: `10.0.0.${n}`,
      phase: 'stopped',
      phaseSince: NOW - secondsAgo,
    });
  const look = (machines: readonly Machine[], written: Partial<WrittenMachineType> = {}) =>
    planFor(
      anObservation({
        machines,
        instances: machines.map(({ instanceId, address = '' }) =>
          anInstance({ instanceId, address, state: 'stopped' }),
        ),
      }),
      CONFIG({ stopOnIdle: true, ...written }),
    );

  it('beyond maxMachines go, the longest stopped first', () => {
    const plan = look([stopped(1, 100), stopped(2, 300), stopped(3, 200)], { maxMachines: 1 });
    expect(actionsIn(plan)).toEqual(['terminate i-00000002', 'terminate i-00000003']);
  });
  it('go when nobody has needed them for 30 days', () => {
    const days = 86_400;
    expect(actionsIn(look([stopped(1, 30 * days - 1), stopped(2, 30 * days)]))).toEqual([
      'terminate i-00000002',
    ]);
  });
});

describe('a machines file that cannot be written', () => {
  const wanting = { queue: aStatus({ demand: [steps(LINUX, 4)] }) };
  const offerFailures = (times: number) => ({
    backOffs: [],
    offerFailures: { times, since: NOW - 60, says: 'disk full' },
  });

  it('for a cause that lasts keeps everything from being launched, and people are told', () => {
    const unofferable = { says: '/m is a symbolic link' };
    const plan = planFor(anObservation({ ...wanting, unofferable }), CONFIG());
    expect(actionsIn(plan)).toEqual([]);
    expect(problemsIn(plan).join()).toContain('/m is a symbolic link');
    expect(saidOf(plan, LINUX)).toContain('symbolic link');
  });
  it.each([
    [2, [`launch 4 ${LINUX}`]],
    [3, []],
  ])('%d times in a row allows %j', (times, actions) => {
    const plan = planFor(anObservation({ ...wanting, farm: offerFailures(times) }), CONFIG());
    expect(actionsIn(plan)).toEqual(actions);
  });
});
