/** What all machines together may cost an hour: no plan launches, starts or keeps more. */
import { describe, expect, it } from 'vitest';
import { allRoom, fitting, highestPrice, lessened, shareOut } from '../../../lambdas/core/capacity/room.ts';
import type { WrittenMachineType } from '../../../lambdas/core/config/machine-type.ts';
import type { FarmState, Machine, Observation, Prices } from '../../../lambdas/core/model/index.ts';
import * as told from '../../../lambdas/core/reason/words/index.ts';
import {
  LINUX,
  NOW,
  aConfig,
  aLaunch,
  aMachine,
  aStatus,
  aType,
  anInstance,
  anObservation,
  planFor,
  steps,
} from '../given.ts';

const ARM = 'aarch64-linux';
const PRICES: Prices = {
  askedAt: NOW,
  asked: ['c7i.2xlarge', 'c7a.2xlarge'],
  prices: [
    { instanceType: 'c7i.2xlarge', market: 'on-demand', dollarsPerHour: 0.3 },
    { instanceType: 'c7a.2xlarge', market: 'on-demand', dollarsPerHour: 0.4 },
  ],
};
const BOTH = { instanceTypes: ['c7i.2xlarge', 'c7a.2xlarge'] };

const farm = (
  written: Partial<WrittenMachineType>,
  maxDollarsPerHour: number,
  others: readonly ReturnType<typeof aType>[] = [],
) => aConfig([aType(LINUX, written), ...others], { maxDollarsPerHour });

/** Many steps wait. @param machines each with an instance that runs. */
const waiting = (
  machines: readonly Partial<Machine>[] = [],
  state: Partial<FarmState> = { prices: PRICES },
): Observation => {
  const ids = machines.map((_, n) => `i-0000001${n}`);
  const seen = anObservation({
    machines: machines.map((machine, n) => aMachine({ instanceId: ids[n] ?? '', ...machine })),
    instances: machines.map((_, n) => anInstance({ instanceId: ids[n] ?? '' })),
    queue: aStatus({ demand: [steps(LINUX, 9), steps(ARM, 9)] }),
  });
  return { ...seen, state: { ...seen.state, ...state } };
};

const doneIn = (...given: Parameters<typeof planFor>): readonly string[] =>
  planFor(...given).actions.map((action) =>
    action.kind === 'launch' ? `launch ${action.launch.count} ${action.launch.type}` : action.kind,
  );

describe('room', () => {
  it('fits machines until either cap is reached, in spite of sums that are not exact', () => {
    expect(fitting({ machines: 5, dollars: 1 }, 0.3)).toBe(3);
    expect(fitting({ machines: 2, dollars: 1 }, 0.3)).toBe(2);
    expect(fitting({ machines: 5, dollars: 0.3 }, 0.1)).toBe(3);
    expect(fitting({ machines: 5, dollars: -1 }, 0.3)).toBe(0);
    expect(fitting({ machines: 5, dollars: -1 }, 0)).toBe(5);
  });

  it('without a limit in dollars is room for any machine', () => {
    expect(fitting(lessened(allRoom(aConfig()), 4, 100), 1000)).toBe(16);
  });

  it('is shared in the order of those who want it', () => {
    const wants = [
      { machines: 2, price: 0.4 },
      { machines: 9, price: 0.1 },
      { machines: 1, price: 0.1 },
    ];
    expect(shareOut(wants, { machines: 20, dollars: 1 })).toEqual([2, 2, 0]);
    expect(shareOut(wants, { machines: 3, dollars: 9 })).toEqual([2, 1, 0]);
  });
});

describe('what one more costs at most', () => {
  it('is what the dearest pool of its type does, and unknown where that of one is', () => {
    for (const instanceTypes of [BOTH.instanceTypes, BOTH.instanceTypes.toReversed()])
      expect(highestPrice(farm(BOTH, 1), aType(LINUX, { instanceTypes }), PRICES)).toEqual({
        ok: true,
        value: 0.4,
      });
    const spot = aType(LINUX, { ...BOTH, market: 'spot-then-on-demand' });
    expect(highestPrice(farm(BOTH, 1), spot, PRICES)).toMatchObject({ ok: false });
  });

  it('is not asked where nothing is limited', () => {
    expect(highestPrice(aConfig(), aType(LINUX), undefined)).toEqual({ ok: true, value: 0 });
  });
});

describe('the cap in dollars', () => {
  it('lets as many be launched as it pays for, whichever pool they come from, and says so', () => {
    const plan = planFor(waiting(), farm(BOTH, 1.3));
    expect(plan.actions).toMatchObject([{ launch: { count: 3 } }]);
    const said = plan.decisions.map(({ reason }) => reason).join();
    expect(said).toContain(told.atDollarCap(1.3, 0.4));
  });

  it('counts what runs by what it costs, and what is asked for by what it may', () => {
    const atWork = waiting([{ dollarsPerHour: 0.3 }, { dollarsPerHour: 0.3 }]);
    expect(doneIn(atWork, farm(BOTH, 1.4))).toEqual([`launch 2 ${LINUX}`]);
    const state = { prices: PRICES, launches: [aLaunch({ count: 1 })] };
    expect(planFor(waiting([], state), farm(BOTH, 1.3)).launches.map(({ count }) => count)).toEqual([1, 2]);
  });

  it('counts a machine whose price is not known yet as one that may cost most', () => {
    expect(doneIn(waiting([{}]), farm(BOTH, 1.3))).toEqual([`launch 2 ${LINUX}`]);
  });

  it('counts what is not ours to touch', () => {
    const unreadable = [{ key: 'machine#1', instanceId: 'i-0000000f', problem: 'phase' }];
    const observation = {
      ...waiting([], { prices: PRICES, unreadable }),
      instances: [anInstance({ instanceId: 'i-0000000f' })],
    };
    expect(doneIn(observation, farm(BOTH, 1.2))).toEqual([`launch 2 ${LINUX}`]);
    expect(doneIn(observation, farm(BOTH, 1.0))).toEqual([`launch 1 ${LINUX}`]);
  });

  it('starts no stopped machine beyond it', () => {
    const stopped = waiting([{ phase: 'stopped', dollarsPerHour: 0.3 }]);
    const [machine] = stopped.instances;
    const observation = machine && { ...stopped, instances: [{ ...machine, state: 'stopped' as const }] };
    const type = { ...BOTH, stopOnIdle: true };
    expect(doneIn(observation ?? stopped, farm(type, 0.3))).toEqual(['start']);
    expect(doneIn(observation ?? stopped, farm(type, 0.75))).toEqual(['start', `launch 1 ${LINUX}`]);
    expect(doneIn(observation ?? stopped, farm(type, 0.65))).toEqual(['start']);
    expect(doneIn(observation ?? stopped, farm(type, 0.25))).toEqual([]);
  });

  it('launches nothing whose price nobody knows, and says why', () => {
    const plan = planFor(waiting([], {}), farm(BOTH, 5));
    expect(plan.actions).toEqual([]);
    const said = plan.decisions.map(({ reason }) => reason).join();
    expect(said).toContain(told.unknownPrice('AWS has not been asked for prices yet'));
  });

  it('keeps what the floors of types further down cost, and gives the rest in the configured order', () => {
    const arm = aType(ARM, { minMachines: 1, dollarsPerHour: 0.5 });
    expect(doneIn(waiting(), farm(BOTH, 1.3, [arm]))).toEqual([`launch 2 ${LINUX}`, `launch 1 ${ARM}`]);
    expect(doneIn(waiting(), farm({ ...BOTH, maxMachines: 1 }, 1.5, [arm]))).toEqual([
      `launch 1 ${LINUX}`,
      `launch 2 ${ARM}`,
    ]);
  });

  it('sends away what it no longer pays for once it is lowered, and nothing that still fits', () => {
    const machines = [0.3, 0.3, 0.3].map((dollarsPerHour) => ({ dollarsPerHour }));
    const surplus = (cap: number): number =>
      planFor(waiting(machines), farm(BOTH, cap)).machines.filter((one) => one.surplusSince !== undefined)
        .length;
    expect(surplus(0.9)).toBe(0);
    expect(surplus(0.8)).toBe(1);
  });
});
