/** How many machines a target wait comes to. */
import { describe, expect, it } from 'vitest';
import type { WrittenMachineType } from '../../../lambdas/core/config/machine-type.ts';
import type { Farm, Machine, QueueMachine } from '../../../lambdas/core/model/index.ts';
import {
  LINUX,
  NOW,
  aBootingMachine,
  aConfig,
  aMachine,
  aQueueMachine,
  aStatus,
  aType,
  anInstance,
  anObservation,
  planFor,
  steps,
  untrusted,
} from '../given.ts';

interface Given {
  readonly runnable?: number;
  readonly type?: Partial<WrittenMachineType>;
  readonly farm?: Partial<Farm>;
  /** What the queue runner shows of each ready machine. */
  readonly seen?: readonly Partial<QueueMachine>[];
  readonly machine?: Partial<Machine>;
  readonly booting?: number;
}

function planned({ runnable = 0, type, farm, seen = [], machine = {}, booting = 0 }: Given) {
  const ready = seen.map((_, n) =>
    aMachine({ instanceId: `i-0000001${n}`, address: `10.0.1.${n}`, ...machine }),
  );
  const coming = Array.from({ length: booting }, (_, n) => aBootingMachine({ instanceId: `i-0000002${n}` }));
  const machines = [...ready, ...coming];
  const observation = anObservation({
    farm: { backOffs: [], ...farm },
    machines,
    instances: machines.map(({ instanceId, address }) =>
      anInstance({ instanceId, ...(address === undefined ? {} : { address }) }),
    ),
    queue: aStatus({
      demand: [steps(LINUX, runnable)],
      machines: seen.map((one, n) => aQueueMachine({ key: `10.0.1.${n}`, ...one })),
    }),
  });
  const dial = aType(LINUX, { targetWait: 600, maxJobs: 4, billing: 'per-second', maxMachines: 50, ...type });
  return planFor(observation, aConfig([dial], { maxTotalMachines: 100 }));
}

const wantedOf = (given: Given): number | undefined => planned(given).demand.types[0]?.wanted;
const busy = (currentJobs: number): Partial<QueueMachine> => ({ currentJobs });
const waiting = (seconds: number): Partial<Farm> => ({ waiting: [{ type: LINUX, since: NOW - seconds }] });
const mean = (seconds: number): Partial<Farm> => ({ durations: [{ type: LINUX, mean: seconds }] });

describe('the machines that clear the queue in time', () => {
  it.each<[string, Given, number]>([
    ['none where nothing waits', {}, 0],
    ['one for a step, however short', { runnable: 1, farm: mean(1) }, 1],
    ['as many as steps of ten minutes fill, while nothing is known', { runnable: 40 }, 10],
    ['fewer for shorter steps', { runnable: 40, farm: mean(60) }, 1],
    ['more for a shorter target', { runnable: 40, farm: mean(60), type: { targetWait: 60 } }, 10],
    ['never more than all steps fill', { runnable: 9, farm: mean(9000) }, 3],
    ['half of what runs counts', { runnable: 4, seen: [busy(4), busy(4)] }, 2],
    ['with slots to fill counted once', { runnable: 4, farm: mean(9000), seen: [busy(4), busy(4)] }, 3],
    ['more, the longer steps have waited', { runnable: 40, farm: { ...mean(120), ...waiting(900) } }, 8],
    ['and in the end as many as they fill', { runnable: 40, farm: { ...mean(120), ...waiting(9e4) } }, 10],
  ])('are %s', (_what, given, wanted) => {
    expect(wantedOf(given)).toBe(wanted);
  });
  it('are not asked for by steps on machines that drain, which end where they are', () => {
    const draining: Partial<Machine> = { phase: 'draining', unreachableSince: NOW - 900 };
    expect(wantedOf({ runnable: 4, farm: mean(9000), seen: [busy(4), busy(4)], machine: draining })).toBe(1);
  });
  it('are launched all at once, beside those on their way', () => {
    expect(planned({ runnable: 40, booting: 3 }).launches).toMatchObject([{ count: 7 }]);
  });
  it('are told with the terms of the sum', () => {
    expect(planned({ runnable: 40, seen: [busy(4)], farm: waiting(100) }).demand.types[0]?.reason).toBe(
      '40 runnable and 4 running of some 600 s each, 4 at a time, within 550 s want 11',
    );
  });
  it('are none while the queue is not known, but for the floor', () => {
    const type = aType(LINUX, { targetWait: 600, minMachines: 2 });
    const plan = planFor(anObservation({ queue: untrusted() }), aConfig([type]));
    expect(plan.demand.types[0]).toMatchObject({ wanted: 0, allowed: 2 });
  });
  it('are counted as hydra-provisioner did where one of its settings is named', () => {
    const plan = planFor(
      anObservation({ queue: aStatus({ demand: [steps(LINUX, 40)] }) }),
      aConfig([aType(LINUX, { runnablesPerMachine: 20, maxJobs: 4 })]),
    );
    expect(plan.demand.types[0]).toMatchObject({ wanted: 2 });
    expect(plan.farm).not.toHaveProperty('durations');
  });
});

describe('what a step takes', () => {
  const done = (count: number, seconds: number): Partial<QueueMachine> => ({
    currentJobs: 4,
    done: { steps: count, seconds },
  });
  it('is learnt from what the machines have done, and remembered once it is enough', () => {
    const { farm } = planned({ seen: [done(45, 4500), done(45, 4500)] });
    expect(farm.durations).toEqual([{ type: LINUX, mean: 150 }]);
  });
  it('weighs what was known before as much as ten steps', () => {
    expect(planned({ seen: [done(30, 3000)], farm: mean(300) }).farm.durations).toEqual([
      { type: LINUX, mean: 150 },
    ]);
  });
  it('counts as it was remembered while machines have done little, and stays so', () => {
    const given = { runnable: 40, seen: [done(2, 2)], farm: mean(60) };
    expect(planned(given).farm.durations).toEqual([{ type: LINUX, mean: 60 }]);
    expect(planned({ ...given, seen: [] }).farm.durations).toEqual([{ type: LINUX, mean: 60 }]);
  });
  it('is not learnt of a status that is not trusted', () => {
    const type = aType(LINUX, { targetWait: 600 });
    const observation = anObservation({ farm: { backOffs: [], ...mean(77) }, queue: untrusted() });
    expect(planFor(observation, aConfig([type])).farm.durations).toEqual([{ type: LINUX, mean: 77 }]);
  });
});
