/** Remembered machines beside what EC2 shows. */
import { describe, expect, it } from 'vitest';
import * as told from '../../../lambdas/core/reason/words/index.ts';
import { checkPlan } from '../../../lambdas/core/check/check-plan.ts';
import { cppChecks } from '../../../lambdas/hydra/cpp/check/checks.ts';
import type { Instance, Machine } from '../../../lambdas/core/model/index.ts';
import {
  ADDRESS,
  LINUX,
  NOW,
  aBootingMachine,
  aConfig,
  aLaunch,
  aMachine,
  aQueueMachine,
  aStatus,
  aType,
  actionsIn,
  anInstance,
  anObservation,
  lacking,
  onlyMachine,
  planFor,
  saidOf,
  untrusted,
} from '../given.ts';

/** Enough demand that no machine goes for want of it. */
const NEEDED = aConfig([aType(LINUX, { minMachines: 1, maxMachines: 1 })]);
const ID = 'i-00000001';

describe('an instance without a record', () => {
  const adopt = (instance: Partial<Instance>, status = aStatus()) =>
    planFor(anObservation({ instances: [anInstance(instance)], queue: status }), NEEDED);

  it('is adopted as booting, with its launch and its address', () => {
    const machine = onlyMachine(adopt({ launchId: 'launch-9' }));
    expect(machine).toMatchObject({ type: LINUX, phase: 'booting', launchId: 'launch-9', address: ADDRESS });
  });
  it.each([
    ['lists it', aQueueMachine({ currentJobs: 0 })],
    ['has work on it', aQueueMachine({ offered: false, currentJobs: 2 })],
  ])('is adopted as ready when the queue runner %s', (_what, seen) => {
    expect(onlyMachine(adopt({}, aStatus({ machines: [seen] })))).toMatchObject({ phase: 'ready' });
  });
  it('waits while outputs may be copied back from it', () => {
    const machines = [aQueueMachine({ offered: false })];
    const plan = adopt({}, aStatus({ machines, stepsFinishing: 3 }));
    expect(plan.machines).toEqual([]);
    expect(saidOf(plan, ID)).toContain('left alone');
    expect(onlyMachine(adopt({}, aStatus({ machines, stepsFinishing: 0 }))).phase).toBe('booting');
  });
  it('waits for a trusted status, because it may be at work, and counts meanwhile', () => {
    const observation = anObservation({ instances: [anInstance()], queue: untrusted() });
    const plan = planFor(observation, NEEDED);
    expect([plan.machines, plan.actions]).toEqual([[], []]);
    expect(saidOf(plan, ID)).toContain(told.leftAlone({ kind: 'untold' }));
    expect(saidOf(plan, LINUX)).toContain(told.atTypeCap(1));
  });
  it('in a state nobody knows is left alone, and counts', () => {
    const plan = adopt({ state: 'unknown' });
    expect([plan.machines, plan.actions]).toEqual([[], []]);
    expect(saidOf(plan, ID)).toContain(told.leftAlone({ kind: 'unknown-state' }));
    expect(saidOf(plan, LINUX)).toContain(told.atTypeCap(1));
  });
  it('of a launch that is remembered is adopted at once', () => {
    const launches = [aLaunch({ id: 'launch-9' })];
    const instances = [anInstance({ launchId: 'launch-9' })];
    const plan = planFor(anObservation({ instances, launches, queue: untrusted() }), NEEDED);
    expect(onlyMachine(plan)).toMatchObject({ phase: 'booting', launchId: 'launch-9' });
  });
  it('and without a type is terminated, once its paid hour is near its end', () => {
    const untyped = lacking(anInstance(), 'type');
    const plan = (startedAt: number) =>
      planFor(anObservation({ instances: [{ ...untyped, startedAt }] }), aConfig([]));
    expect(actionsIn(plan(NOW - 600))).toEqual([]);
    expect(actionsIn(plan(NOW - 3400))).toEqual([`terminate ${ID}`]);
    expect(onlyMachine(plan(NOW - 3400)).type).not.toBe('');
    expect(saidOf(plan(NOW - 3400), ID)).toContain(told.untyped);
  });
  it('that is terminated already is nothing', () => {
    expect(adopt({ state: 'terminated' }).machines).toEqual([]);
    expect(adopt({ state: 'shutting-down' }).machines).toEqual([]);
  });
  it('whose record cannot be read is left alone and counts', () => {
    const unreadable = [{ key: 'machine#x', instanceId: ID, problem: 'phase: not known' }];
    const plan = planFor(anObservation({ instances: [anInstance()], unreadable }), NEEDED);
    expect([plan.machines, plan.actions]).toEqual([[], []]);
    expect(saidOf(plan, ID)).toContain('phase: not known');
  });
});

describe('the Hydra host, should it bear our tag', () => {
  const config = aConfig();
  const HOST = config.host.instanceId;
  const instances = [lacking(anInstance({ instanceId: HOST }), 'type')];
  it('is no machine: it is left alone, and said so', () => {
    const observation = anObservation({ instances });
    const plan = planFor(observation, config);
    expect(plan.machines).toEqual([]);
    expect(actionsIn(plan)).toEqual([]);
    expect(saidOf(plan, HOST)).toContain(told.isHydraHost);
  });
  it('is forgotten if it was ever taken for one', () => {
    const observation = anObservation({ instances, machines: [aMachine({ instanceId: HOST })] });
    const plan = planFor(observation, config);
    expect([...plan.closedMachines.keys()]).toEqual([HOST]);
    expect(actionsIn(plan)).toEqual([]);
    expect(checkPlan(cppChecks, config, observation, plan)).toEqual([]);
    const adopted = checkPlan(cppChecks, config, observation, {
      ...plan,
      machines: observation.state.machines,
    });
    expect(adopted.join('; ')).toContain('the Hydra host itself');
  });
});

describe('a record whose instance is terminated', () => {
  const stateReason = { code: 'Client.InvalidKMSKey.InvalidState', message: 'the key is disabled' };
  it.each([
    ['terminating', told.terminated('not needed')],
    ['ready', told.terminatedByOthers(stateReason)],
  ] as const)('is closed at once when EC2 shows that: %s', (phase, words) => {
    const instances = [anInstance({ state: 'terminated', stateReason })];
    const machines = [aMachine({ phase, reason: 'not needed' })];
    const closed = planFor(anObservation({ machines, instances }), NEEDED);
    expect(closed.closedMachines.get(ID)).toContain(words);
    expect(closed.machines).toEqual([]);
  });
});

describe('what EC2 shows', () => {
  const follow = (machine: Machine, instance: Partial<Instance>) =>
    onlyMachine(planFor(anObservation({ machines: [machine], instances: [anInstance(instance)] }), NEEDED));

  it.each([
    ['ready', 'shutting-down', 'terminating'],
    ['ready', 'stopping', 'stopping'],
    ['booting', 'stopping', 'stopping'],
    ['terminating', 'shutting-down', 'terminating'],
  ] as const)('takes a %s machine that is %s to %s', (phase, state, expected) => {
    expect(follow(aMachine({ phase }), { state }).phase).toBe(expected);
  });
  it('takes a machine that somebody stopped and started again back to booting, with a clean record', () => {
    const machine = follow(aMachine({ phase: 'stopping', unreachableSince: NOW - 9 }), { state: 'running' });
    expect(machine.phase).toBe('booting');
    expect(machine).not.toHaveProperty('unreachableSince');
    expect(machine).not.toHaveProperty('seenOffered');
  });
  it.each(['stopping', 'terminating'] as const)('is given a minute to show that it is %s', (phase) => {
    const drain = { since: NOW - 300, reason: 'not needed' };
    const ending = (seconds: number) => aMachine({ phase, drain, phaseSince: NOW - seconds });
    expect(follow(ending(59), { state: 'running' }).phase).toBe(phase);
    expect(follow(ending(60), { state: 'running' })).toMatchObject({
      ...{ phase: 'draining', drain: { ...drain, endAsked: true }, reason: 'not needed', phaseSince: NOW },
    });
    expect(follow(ending(60), { state: 'pending' }).phase).toBe(phase);
  });
  it.each(['stopping', 'shutting-down'] as const)(
    'counts from its first look on how long it is %s',
    (state) => {
      const first = follow(aMachine({ phase: 'terminating', phaseSince: NOW - 9000 }), { state });
      expect(first.goingDownSince).toBe(NOW);
      expect(follow({ ...first, goingDownSince: NOW - 300 }, { state }).goingDownSince).toBe(NOW - 300);
      expect(follow({ ...first, goingDownSince: NOW - 300 }, { state: 'running' })).not.toHaveProperty(
        'goingDownSince',
      );
    },
  );
  it('gives a booting machine its address', () => {
    expect(follow(aBootingMachine(), { address: '10.9.9.9' }).address).toBe('10.9.9.9');
  });
});

describe('a machine at another address', () => {
  const moved = (machine: Machine, queue = aStatus()) =>
    planFor(
      anObservation({ machines: [machine], instances: [anInstance({ address: '10.9.9.9' })], queue }),
      NEEDED,
    );

  it('is drained under the old one, where the queue runner may have work on it', () => {
    const machine = onlyMachine(moved(aMachine()));
    expect(machine).toMatchObject({ phase: 'draining', address: ADDRESS });
    expect(machine.reason).toContain('10.9.9.9');
  });
  it('keeps it until it is drained, and does not return', () => {
    const machine = onlyMachine(moved(aMachine()));
    expect(onlyMachine(moved(machine))).toMatchObject({ phase: 'draining', address: ADDRESS });
  });
  it('and stopped, simply has the new one', () => {
    const machine = aMachine({ phase: 'stopped' });
    const instances = [anInstance({ state: 'stopped', address: '10.9.9.9' })];
    const plan = planFor(anObservation({ machines: [machine], instances }), NEEDED);
    expect(onlyMachine(plan).address).toBe('10.9.9.9');
  });
});

describe('a launch without an answer', () => {
  const plan = (requestedAt: number) =>
    planFor(anObservation({ launches: [aLaunch({ requestedAt })] }), NEEDED);

  it('is sent again, word for word, and counts', () => {
    const again = plan(NOW - 20);
    expect(again.actions).toMatchObject([{ kind: 'launch', launch: aLaunch({ requestedAt: NOW - 20 }) }]);
    expect(again.launches).toHaveLength(1);
  });
  it('is closed after a quarter of an hour: what it brought is found by its tags', () => {
    expect(plan(NOW - 900).closedLaunches).toEqual([]);
    expect(plan(NOW - 901).closedLaunches).toEqual(['launch-1']);
  });
});

describe('a remembered machine that EC2 shows in a state nobody knows', () => {
  it.each(['booting', 'ready', 'draining', 'stopping', 'stopped', 'terminating', 'failed'] as const)(
    'is kept as it is, and nothing is done to it: %s',
    (phase) => {
      const machine = aMachine({ phase, phaseSince: NOW - 30 });
      const observation = anObservation({
        machines: [machine],
        instances: [anInstance({ state: 'unknown' })],
      });
      const plan = planFor(observation, aConfig([aType(LINUX)]));
      expect(plan.closedMachines.size).toBe(0);
      expect(plan.actions).toEqual([]);
      expect(checkPlan(cppChecks, aConfig([aType(LINUX)]), observation, plan)).toEqual([]);
    },
  );
});
