/** Where missing machines come from, and what holds them back. */
import { describe, expect, it } from 'vitest';
import * as told from '../../../lambdas/core/reason/words/index.ts';
import type { Config } from '../../../lambdas/core/config/config.ts';
import type { BackOff, Instance, Machine, Observation } from '../../../lambdas/core/model/index.ts';
import { poolsOf } from '../../../lambdas/core/capacity/pools.ts';
import {
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
  planFor,
  saidOf,
  steps,
  untrusted,
  problemsIn,
} from '../given.ts';

const ARM = 'aarch64-linux';
const id = (n: number): string => `i-0000000${n}`;

/** Numbered machines and their instances; `runnable` steps, each worth a machine. */
const farmOf = (
  machines: readonly Partial<Machine>[],
  instances: readonly Partial<Instance>[],
  runnable: number,
  more: Parameters<typeof anObservation>[0] = {},
): Observation =>
  anObservation({
    machines: machines.map((machine, index) =>
      aMachine({ instanceId: id(index + 1), address: `10.0.0.${index + 1}`, ...machine }),
    ),
    instances: instances.map((instance, index) =>
      anInstance({ instanceId: id(index + 1), address: `10.0.0.${index + 1}`, ...instance }),
    ),
    queue: aStatus({ demand: [steps(LINUX, runnable)] }),
    ...more,
  });

const launched = (observation: Observation, config?: Config): number =>
  planFor(observation, config)
    .launches.filter(({ id: launch }) => launch.startsWith('new-'))
    .reduce((sum, { count }) => sum + count, 0);

describe('missing machines', () => {
  it('are launched all at once', () => {
    const plan = planFor(farmOf([], [], 7));
    expect(actionsIn(plan)).toEqual([`launch 7 ${LINUX}`]);
    expect(plan.launches).toMatchObject([{ id: 'new-0', type: LINUX, count: 7, requestedAt: NOW }]);
    expect(saidOf(plan, LINUX)).toContain('launch 7');
  });
  it.each([
    ['a ready machine', [{}], [{}], 4],
    ['a booting one', [aBootingMachine()], [{ state: 'pending' as const }], 4],
    ['one EC2 does not show yet', [aBootingMachine()], [], 4],
    ['one that will be back from its drain', [{ phase: 'draining' as const }], [{}], 4],
    ['no draining one that AWS takes', [{ phase: 'draining' as const }], [{ interrupted: true }], 5],
    ['no doubted one', [{ unreachableSince: NOW - 10 }], [{}], 5],
    ['no stopping one', [{ phase: 'stopping' as const }], [{ state: 'stopping' as const }], 5],
  ])('are counted beside %s', (_what, machines, instances, expected) => {
    expect(launched(farmOf(machines as Partial<Machine>[], instances, 5))).toBe(expected);
  });
  it('are counted beside launches without an answer, less what is visible of those', () => {
    expect(launched(farmOf([], [], 5, { launches: [aLaunch({ count: 3 })] }))).toBe(2);
    const visible = [{ ...aBootingMachine(), launchId: 'launch-1' }];
    expect(launched(farmOf(visible, [{}], 5, { launches: [aLaunch({ count: 3 })] }))).toBe(2);
  });
  it('come from stopped machines first', () => {
    const plan = planFor(farmOf([{ phase: 'stopped' }], [{ state: 'stopped' }], 3));
    expect(actionsIn(plan)).toEqual([`start ${id(1)}`, `launch 2 ${LINUX}`]);
    expect(plan.machines[0]?.phase).toBe('booting');
  });
  it('are launched for floors even without a status', () => {
    const config = aConfig([aType(LINUX, { minMachines: 2 })]);
    expect(launched(anObservation({ queue: untrusted() }), config)).toBe(2);
  });
  it('have ids of their own, type by type', () => {
    const config = aConfig([aType(LINUX), aType(ARM)]);
    const queue = aStatus({ demand: [steps(LINUX, 1), steps(ARM, 2)] });
    expect(planFor(anObservation({ queue }), config).launches).toMatchObject([
      { id: 'new-0', type: LINUX },
      { id: 'new-1', type: ARM, count: 2 },
    ]);
  });
});

describe('caps', () => {
  const capped = aConfig([aType(LINUX, { maxMachines: 3 })]);
  it.each([
    ['a draining machine', [{ phase: 'draining' as const, unreachableSince: NOW - 99 }], [{}]],
    [
      'a stopping one',
      [{ phase: 'stopping' as const, goingDownSince: NOW - 1799 }],
      [{ state: 'stopping' as const }],
    ],
    [
      'one that was to stop for long before AWS began to stop it',
      [{ phase: 'stopping' as const, phaseSince: NOW - 9000 }],
      [{ state: 'stopping' as const }],
    ],
    ['a failed one', [{ phase: 'failed' as const }], [{}]],
    ['one made by hand', [], [{}]],
    ['one EC2 does not show yet', [aBootingMachine({ type: LINUX })], []],
  ])('count %s', (_what, machines, instances) => {
    const observation = farmOf(machines as Partial<Machine>[], instances, 9);
    expect(launched(observation, capped)).toBe(2);
    expect(saidOf(planFor(observation, capped), LINUX)).toContain(told.capped(3));
  });
  it('do not count one that AWS has been stopping for half an hour, which people are told', () => {
    const machines = [{ phase: 'stopping' as const, goingDownSince: NOW - 1800 }];
    const plan = planFor(farmOf(machines, [{ state: 'stopping' }], 9), capped);
    expect(launched(farmOf(machines, [{ state: 'stopping' }], 9), capped)).toBe(3);
    expect(problemsIn(plan).join()).toContain(told.stuck(id(1), 'stopping', 1800).says);
  });
  it('count requested machines, and instances whose record cannot be read', () => {
    expect(launched(farmOf([], [], 9, { launches: [aLaunch({ count: 2 })] }), capped)).toBe(1);
    const unreadable = [{ key: 'machine#1', instanceId: id(1), problem: 'phase' }];
    expect(launched(farmOf([], [{}], 9, { unreadable }), capped)).toBe(2);
  });
  it('do not count stopped and terminated ones, but count them once started', () => {
    const machines = [{ phase: 'stopped' as const }, { phase: 'terminating' as const }];
    const observation = farmOf(machines, [{ state: 'stopped' }, { state: 'shutting-down' }], 9);
    expect(actionsIn(planFor(observation, capped))).toEqual([`start ${id(1)}`, `launch 2 ${LINUX}`]);
  });
  it('in all count the machines of every type, configured or not', () => {
    const config = aConfig([aType(LINUX)], { maxTotalMachines: 4 });
    const machines = [{ type: 'gone-linux' }, { type: ARM }];
    const plan = planFor(farmOf(machines, [{ type: 'gone-linux' }, {}], 9), config);
    expect(actionsIn(plan)).toEqual([`launch 2 ${LINUX}`]);
    expect(saidOf(plan, LINUX)).toContain(told.atTotalCap(4));
  });
  it('leave room for the floors of types further down', () => {
    const config = aConfig([aType(LINUX), aType(ARM, { minMachines: 2 })], { maxTotalMachines: 5 });
    expect(actionsIn(planFor(farmOf([], [], 9), config))).toEqual([`launch 3 ${LINUX}`, `launch 2 ${ARM}`]);
  });
  it('give a type that rests no room that another one could use, beyond its floor', () => {
    const backOffs = [{ type: LINUX, failures: 1, until: NOW + 60, reason: 'quota' }];
    const queue = aStatus({ demand: [steps(LINUX, 9), steps(ARM, 9)] });
    const observation = anObservation({ farm: { backOffs }, queue });
    const config = (minMachines: number) =>
      aConfig([aType(LINUX, { minMachines }), aType(ARM)], { maxTotalMachines: 5 });
    expect(actionsIn(planFor(observation, config(0)))).toEqual([`launch 5 ${ARM}`]);
    expect(actionsIn(planFor(observation, config(1)))).toEqual([`launch 4 ${ARM}`]);
  });
  it('that were lowered end nobody at once', () => {
    const config = aConfig([aType(LINUX, { maxMachines: 0 })]);
    const machines = [aQueueMachine({ currentJobs: 1 })];
    const queue = aStatus({ demand: [steps(LINUX, 9)], machines });
    expect(actionsIn(planFor(farmOf([{}], [{}], 9, { queue }), config))).toEqual([]);
  });
});

describe('the pools of a launch', () => {
  const written = {
    instanceTypes: ['c7i.2xlarge', 'c7a.2xlarge'],
    subnets: ['subnet-00000001', 'subnet-00000002'],
    market: 'spot-then-on-demand',
  } as const;
  const type = aType(LINUX, {
    ...written,
    instanceTypes: [...written.instanceTypes],
    subnets: [...written.subnets],
  });
  const pools = poolsOf(type);
  const rest = (pool: BackOff['pool']): BackOff => ({
    type: LINUX,
    failures: 1,
    until: NOW + 300,
    reason: 'no capacity',
    ...(pool === undefined ? {} : { pool }),
  });
  const planWith = (backOffs: readonly BackOff[]) =>
    planFor(farmOf([], [], 1, { farm: { backOffs } }), aConfig([type]));

  it('are all of one market, spot first, in the configured order', () => {
    expect(pools.map(({ market }) => market)).toEqual([
      ...Array<string>(4).fill('spot'),
      ...Array<string>(4).fill('on-demand'),
    ]);
    expect(planWith([]).launches[0]?.pools).toEqual(pools.slice(0, 4));
  });
  it('leave out those that rest, and turn to on-demand when all of spot does', () => {
    expect(planWith(pools.slice(0, 1).map(rest)).launches[0]?.pools).toEqual(pools.slice(1, 4));
    expect(planWith(pools.slice(0, 4).map(rest)).launches[0]?.pools).toEqual(pools.slice(4));
  });
  it.each([
    ['every pool rests', pools.map(rest)],
    ['the type rests', [rest(undefined)]],
  ])('are none while %s, and the reason says for how long', (_what, backOffs) => {
    const plan = planWith(backOffs);
    expect(plan.actions).toEqual([]);
    expect(saidOf(plan, LINUX)).toContain(told.rests({ until: NOW + 300, reason: 'no capacity' }, NOW));
  });
  it('are the launch template’s own subnet where none is configured', () => {
    expect(poolsOf(aType(LINUX))).toEqual([{ instanceType: 'c7i.2xlarge', subnet: '', market: 'on-demand' }]);
  });
  it.each([
    ['its pool rests', { instanceType: 'c7i.2xlarge', subnet: 'subnet-00000001', market: 'on-demand' }],
    ['its type rests', undefined],
  ] as const)('do not matter to a stopped machine unless %s', (_what, pool) => {
    const stopped = (backOffs: readonly BackOff[]) =>
      actionsIn(
        planFor(
          farmOf([{ phase: 'stopped' }], [{ state: 'stopped' }], 1, { farm: { backOffs } }),
          aConfig([type]),
        ),
      );
    expect(stopped([])).toEqual([`start ${id(1)}`]);
    expect(stopped([rest(pool)])).not.toContain(`start ${id(1)}`);
  });
});

describe('after machines of a type have never got ready', () => {
  const after = (failures: number, machines: readonly Partial<Machine>[], until = NOW - 1) => {
    const backOffs = [{ type: LINUX, failures, until, reason: 'broken', trial: true as const }];
    const instances = machines.map(() => ({}));
    return planFor(farmOf(machines, instances, 5, { farm: { backOffs } }));
  };
  it('one is tried, and none beside it, until one gets ready', () => {
    const plan = after(1, []);
    expect(actionsIn(plan)).toEqual([`launch 1 ${LINUX}`]);
    expect(saidOf(plan, LINUX)).toContain(told.triesOne('broken'));
    expect(plan.resting).toBe(4);
    expect(actionsIn(after(1, [{ phase: 'booting' }]))).toEqual([]);
  });
  it('a ready one contradicts a single failure, but not two in a row', () => {
    expect(actionsIn(after(1, [{ phase: 'ready' }]))).toEqual([`launch 4 ${LINUX}`]);
    expect(actionsIn(after(2, [{ phase: 'ready' }]))).toEqual([`launch 1 ${LINUX}`]);
  });
  it('nothing is launched while it rests, and all are once it is forgotten', () => {
    expect(actionsIn(after(3, [], NOW + 1))).toEqual([]);
    expect(actionsIn(after(3, [], NOW - 3600))).toEqual([`launch 5 ${LINUX}`]);
  });
});
