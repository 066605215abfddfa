/** Which machines stay, which go, and when: paid hours, grace, machines at work, and the way back. */
import { describe, expect, it } from 'vitest';
import type { Machine, Observation, QueueMachine } from '../../../lambdas/core/model/index.ts';
import { COMPLETE, addressOf, farmOf, id } from '../plan/farm-of.ts';
import type { Given } from '../plan/farm-of.ts';
import {
  LINUX,
  NOW,
  aBootingMachine,
  aConfig,
  aQueueMachine,
  aStatus,
  aType,
  actionsIn,
  planFor,
  sightingAt,
  steps,
  untrusted,
} from '../given.ts';

const ARM = 'aarch64-linux';

const phases = (observation: Observation, config = aConfig()): string =>
  planFor(observation, config)
    .machines.map(({ phase }) => phase)
    .join(' ');

describe('under hourly billing', () => {
  it.each([
    // ticks every, left of the hour: what becomes of an idle machine
    [300, 3600, 'ready'],
    [300, 601, 'ready'],
    [300, 600, 'draining'],
    [300, 1, 'draining'],
    [60, 361, 'ready'],
    [60, 360, 'draining'],
  ])('with ticks every %d s and %d s left, an idle machine is %s', (period, paidLeft, phase) => {
    const config = aConfig([aType()], { schedulePeriodSeconds: period });
    expect(phases(farmOf([{ paidLeft }], 0), config)).toBe(phase);
  });

  const drained = (paidLeft: number, changed: Partial<Machine> = {}): Given => ({
    paidLeft,
    seen: { offered: false },
    machine: {
      phase: 'draining',
      reason: 'not needed',
      surplusSince: NOW - 900,
      drain: COMPLETE,
      ...changed,
    },
  });

  it.each([
    [300, 421, []],
    [300, 420, [`terminate ${id(1)}`]],
    [60, 181, []],
    [60, 180, [`terminate ${id(1)}`]],
  ])('with ticks every %d s and %d s left, a drained machine ends: %j', (period, paidLeft, actions) => {
    const config = aConfig([aType()], { schedulePeriodSeconds: period });
    expect(actionsIn(planFor(farmOf([drained(paidLeft)], 0), config))).toEqual(actions);
  });
  it('a drained machine returns when its hour has turned', () => {
    expect(phases(farmOf([drained(3590)], 0))).toBe('ready');
  });
  it('a drained machine returns when demand does, and its drain is void', () => {
    const [machine] = planFor(farmOf([drained(300)], 1)).machines;
    expect(machine).toMatchObject({ phase: 'ready' });
    for (const field of ['drain', 'offered', 'seenOffered', 'surplusSince'])
      expect(machine).not.toHaveProperty(field);
  });
  it('a drained machine that AWS was asked to end returns for nobody: it may yet do so', () => {
    const asked = drained(3590, { drain: { ...COMPLETE, endAsked: true } });
    expect(phases(farmOf([asked], 1))).not.toContain('ready');
    const refused = farmOf([asked], 0);
    expect(actionsIn(planFor(refused))).toEqual([`terminate ${id(1)}`]);
    const orders = [{ kind: 'protect', instanceId: id(1), at: NOW - 60 }] as const;
    expect(actionsIn(planFor({ ...refused, state: { ...refused.state, orders } }))).toEqual([]);
  });
  it('a machine that was given up returns for nobody while it does not answer', () => {
    expect(phases(farmOf([drained(3590, { unreachableSince: NOW - 600 })], 1))).not.toContain('ready');
  });
  it('a machine of a type that is no longer configured is drained at once', () => {
    expect(phases(farmOf([{ paidLeft: 3000 }], 0), aConfig([aType('aarch64-linux')]))).toBe('draining');
  });
  it('a booting machine that nobody needs any more stays until its hour is near its end', () => {
    const booting = (paidLeft: number): Given => ({
      paidLeft,
      seen: { offered: false },
      machine: aBootingMachine({ surplusSince: NOW - 30 }),
    });
    expect(actionsIn(planFor(farmOf([booting(3000)], 0)))).toEqual([]);
    expect(actionsIn(planFor(farmOf([booting(600)], 0)))).toEqual([`terminate ${id(1)}`]);
  });
});

describe('under per-second billing', () => {
  const graceful = aConfig([aType(LINUX, { gracePeriod: 300 })]);
  it('an idle machine without grace is drained at once', () => {
    expect(phases(farmOf([{}], 0))).toBe('draining');
  });
  it.each([
    [299, 'ready'],
    [300, 'draining'],
  ])('grace counts from when it went idle: after %d s it is %s', (idle, phase) => {
    expect(phases(farmOf([{ seen: { idleSince: NOW - idle } }], 0), graceful)).toBe(phase);
  });
  it('grace counts by the host clock where the status does', () => {
    const queue = aStatus({ at: NOW + 600, machines: [aQueueMachine({ idleSince: NOW + 600 - 299 })] });
    expect(phases(farmOf([{}], 0, { queue }), graceful)).toBe('ready');
  });
  it('grace never began before the machine was ready', () => {
    const given = { machine: { phaseSince: NOW - 100 }, seen: { idleSince: NOW - 9000 } };
    expect(phases(farmOf([given], 0), graceful)).toBe('ready');
  });
  it('grace that has begun goes on through a status that is not trusted', () => {
    const surplusSince = NOW - 200;
    const blind = farmOf([{ machine: { surplusSince } }], 0, { queue: untrusted() });
    expect(planFor(blind, graceful).machines[0]?.surplusSince).toBe(surplusSince);
  });
  it('a booting machine that nobody needs any more is terminated', () => {
    const booting = { machine: aBootingMachine(), seen: { offered: false } };
    expect(actionsIn(planFor(farmOf([booting], 0)))).toEqual([`terminate ${id(1)}`]);
  });
  it('but not while its address is one the queue runner lists', () => {
    const booting = { machine: aBootingMachine(), seen: { offered: true } };
    expect(actionsIn(planFor(farmOf([booting], 0)))).toEqual([]);
  });
});

describe('of several machines', () => {
  const busy = (currentJobs: number): Partial<QueueMachine> => ({ currentJobs });
  const since = (seconds: number): Given => ({ machine: { surplusSince: NOW - seconds } });
  const booting: Given = { machine: aBootingMachine(), seen: { offered: false } };
  const cases: [string, Given[], number, string][] = [
    ['the busiest stay', [{}, { seen: busy(1) }, { seen: busy(3) }], 1, 'draining draining ready'],
    [
      'those at work stay before idle ones',
      [since(50), { ...since(90), seen: busy(1) }],
      1,
      'draining ready',
    ],
    [
      'as many stay as the running steps fill',
      [{ seen: busy(4) }, {}, { seen: busy(3) }],
      0,
      'ready draining ready',
    ],
    ['those needed until now stay', [since(50), {}], 1, 'draining ready'],
    ['those that became surplus last stay', [since(90), since(50)], 1, 'draining ready'],
    ['the longest paid stay', [{ paidLeft: 100 }, { paidLeft: 500 }], 1, 'draining ready'],
    ['ready ones stay before booting ones', [booting, {}], 1, 'terminating ready'],
  ];
  it.each(cases)('%s', (_what, given, runnable, expected) => {
    expect(phases(farmOf(given, runnable), aConfig([aType(LINUX, { maxJobs: 4 })]))).toBe(expected);
  });
  it('a draining machine returns before a new one is launched', () => {
    const drain = { since: NOW - 300, reason: 'not needed' };
    const plan = planFor(farmOf([{ machine: { phase: 'draining', drain } }, {}], 2));
    expect(plan.machines.map(({ phase }) => phase)).toEqual(['ready', 'ready']);
    expect(plan.actions).toEqual([]);
  });
  it('running steps beyond a machine’s slots fill no other machine', () => {
    const config = aConfig([aType(LINUX, { maxJobs: 2 })]);
    expect(phases(farmOf([{ seen: busy(7) }, {}, {}], 0), config)).toBe('ready draining draining');
  });
});

describe('without a trusted status', () => {
  const blind = (given: readonly Given[], queue = untrusted()) => farmOf(given, 0, { queue });
  it('nobody goes, however idle', () => {
    expect(phases(blind([{}, { paidLeft: 60 }]))).toBe('ready ready');
  });
  it('a drain comes no further', () => {
    const drain = { since: NOW - 300, reason: 'not needed', withdrawn: sightingAt(NOW - 200) };
    const plan = planFor(blind([{ machine: { phase: 'draining', drain } }]));
    expect(plan.machines[0]?.drain).toEqual(drain);
    expect(plan.actions).toEqual([]);
  });
  it('a draining machine returns for a floor', () => {
    const config = aConfig([aType(LINUX, { minMachines: 1 })]);
    const drain = { since: NOW - 300, reason: 'not needed' };
    expect(phases(blind([{ machine: { phase: 'draining', drain } }]), config)).toBe('ready');
  });
  it('a runner that has just started may need machines, and lets none go', () => {
    const restarted = untrusted({ cause: 'restarted', demand: [steps(LINUX, 3)] });
    const plan = planFor(blind([{}, {}], restarted));
    expect(plan.machines.map(({ phase }) => phase)).toEqual(['ready', 'ready']);
    expect(actionsIn(plan)).toEqual([`launch 1 ${LINUX}`]);
    const idle = untrusted({ cause: 'restarted', demand: [] });
    expect(phases(blind([{}, {}], idle))).toBe('ready ready');
  });
  it('booting machines are not called needless', () => {
    expect(actionsIn(planFor(blind([{ machine: aBootingMachine({ surplusSince: NOW - 9 }) }])))).toEqual([]);
  });
});

describe('under a cap that was lowered below what is at work', () => {
  const busy = (n: number): readonly Given[] =>
    Array.from({ length: n }, () => ({ seen: { currentJobs: 1 } }));
  it('machines drain down to the cap of their type, however busy they are and however long the queue', () => {
    const capped = (maxMachines: number) => aConfig([aType(LINUX, { maxMachines })]);
    expect(phases(farmOf(busy(3), 9), capped(1))).toBe('ready draining draining');
    expect(phases(farmOf(busy(3), 9), capped(0))).toBe('draining draining draining');
    expect(phases(farmOf(busy(3), 0), capped(5))).toBe('ready ready ready');
  });
  it('paid time and grace come first', () => {
    const hourly = busy(1).map((given) => ({ ...given, paidLeft: 3000 }));
    expect(phases(farmOf(hourly, 9), aConfig([aType(LINUX, { maxMachines: 0 })]))).toBe('ready');
  });
  it('the cap on all is shared out: floors first, then the types in their order', () => {
    const farm = farmOf([...busy(2), ...busy(2).map((given) => ({ ...given, machine: { type: ARM } }))], 0, {
      queue: aStatus({
        demand: [steps(LINUX, 5), steps(ARM, 5)],
        machines: [1, 2, 3, 4].map((n) => aQueueMachine({ key: addressOf(n), currentJobs: 1 })),
      }),
    });
    const config = (maxTotalMachines: number, minMachines = 0) =>
      aConfig([aType(LINUX), aType(ARM, { minMachines })], { maxTotalMachines });
    expect(phases(farm, config(4))).toBe('ready ready ready ready');
    expect(phases(farm, config(3))).toBe('ready ready ready draining');
    expect(phases(farm, config(1))).toBe('ready draining draining draining');
    expect(phases(farm, config(1, 1))).toBe('draining draining ready draining');
  });
});
