/** How many machines each type is asked for. */
import { describe, expect, it } from 'vitest';
import * as told from '../../../lambdas/core/reason/words/index.ts';
import { demandOf, unsupportedSteps, withheldByCaps } from '../../../lambdas/core/capacity/demand.ts';
import { covers, typeFor } from '../../../lambdas/core/capacity/covering.ts';
import { featuresOf, systemsOf } from '../../../lambdas/core/config/machine-type.ts';
import type { Asking } from '../../../lambdas/core/capacity/demand.ts';
import type { Floor, QueueStatus, StepDemand } from '../../../lambdas/core/model/index.ts';
import { LINUX, NOW, aConfig, anObservation, aStatus, aType, lacking, steps, untrusted } from '../given.ts';

const demandFor = (knobs: Parameters<typeof aType>[1], runnable: number, floors: readonly Floor[] = []) => {
  const status = aStatus({ demand: [steps(LINUX, runnable)] });
  const [demand] = demandOf(aConfig([aType(LINUX, knobs)]), anObservation({ queue: status, floors })).types;
  if (demand === undefined) throw new Error('no demand of the only type');
  return demand;
};

const asking = (queue: QueueStatus): Asking => anObservation({ queue });

describe('the arithmetic', () => {
  it.each([
    // ignored, per machine, min, max, runnable: wanted, allowed
    [0, 10, 0, 5, 0, 0, 0],
    [0, 10, 0, 5, 1, 1, 1],
    [0, 10, 0, 5, 10, 1, 1],
    [0, 10, 0, 5, 11, 2, 2],
    [0, 10, 0, 5, 51, 6, 5],
    [250, 50, 0, 12, 250, 0, 0],
    [250, 50, 0, 12, 251, 1, 1],
    [250, 50, 0, 12, 900, 13, 12],
    [-5, 10, 0, 5, 0, 1, 1],
    [0, 2.5, 0, 5, 6, 3, 3],
    [0, 10, 2, 5, 0, 0, 2],
    [0, 10, 2, 5, 30, 3, 3],
    [0, 10, 5, 4, 0, 0, 4],
    [0, 10, 0, 0, 99, 10, 0],
  ])(
    'ignoring %d, at %d a machine, between %d and %d: %d runnable steps want %d and are allowed %d',
    (ignoredRunnables, runnablesPerMachine, minMachines, maxMachines, runnable, wanted, allowed) => {
      const knobs = { ignoredRunnables, runnablesPerMachine, minMachines, maxMachines };
      expect(demandFor(knobs, runnable)).toMatchObject({ runnable, wanted, allowed });
    },
  );
  it.each([
    [{}, 3, told.demand({ runnable: 3, ignored: 0, perMachine: 1, wanted: 3 })],
    [{ ignoredRunnables: 2 }, 3, told.demand({ runnable: 3, ignored: 2, perMachine: 1, wanted: 1 })],
    [{ minMachines: 4 }, 3, told.minimum(4)],
    [{ maxMachines: 2 }, 3, told.capped(2)],
  ])('is told in words: %j', (knobs, runnable, words) => {
    expect(demandFor(knobs, runnable).reason).toContain(words);
  });
  it('keeps more machines at certain times', () => {
    const warm = (cron: string) =>
      demandFor({ minMachines: 1, warm: [{ cron, timezone: 'UTC', machines: 3 }] }, 0);
    expect(warm('* * * * *')).toMatchObject({ wanted: 0, floor: 3, allowed: 3 });
    expect(warm('* * * * *').reason).toContain(
      told.warm({ cron: '* * * * *', timezone: 'UTC', machines: 3 }),
    );
    expect(warm('* * 30 2 *')).toMatchObject({ floor: 1, allowed: 1 });
    expect(warm('* * 30 2 *').reason).toContain(told.minimum(1));
  });
  it('gives way to a manual floor, up to maxMachines', () => {
    const floor = { type: LINUX, count: 4, until: NOW + 60 };
    expect(demandFor({ minMachines: 1 }, 0, [floor])).toMatchObject({ wanted: 0, floor: 4, allowed: 4 });
    expect(demandFor({ maxMachines: 3 }, 0, [floor])).toMatchObject({ floor: 4, allowed: 3 });
    expect(demandFor({}, 0, [floor]).reason).toContain(told.manualFloor(4));
    expect(demandFor({}, 0, [{ ...floor, type: 'aarch64-linux' }])).toMatchObject({ floor: 0, allowed: 0 });
  });
});

describe('a queue that is not known', () => {
  it('asks for the floor only', () => {
    const config = aConfig([aType(LINUX, { minMachines: 2, ignoredRunnables: -50 })]);
    expect(demandOf(config, asking(untrusted())).types[0]).toMatchObject({ wanted: 0, allowed: 2 });
    expect(demandOf(config, asking(untrusted())).types[0]?.reason).toContain(told.unknownDemand);
  });
  it('asks for what a runner that has just started knows already', () => {
    const restarted = untrusted({ cause: 'restarted', demand: [steps(LINUX, 3)] });
    expect(demandOf(aConfig(), asking(restarted)).types[0]).toMatchObject({ wanted: 3, allowed: 3 });
  });
});

describe('a type covers steps', () => {
  it.each([
    // type, further features, step, host system: covered
    ['x86_64-linux', [], 'x86_64-linux', undefined, true],
    ['x86_64-linux', [], 'aarch64-linux', undefined, false],
    ['x86_64-linux', [], 'i686-linux', undefined, true],
    ['i686-linux', [], 'x86_64-linux', undefined, false],
    ['aarch64-linux', [], 'i686-linux', undefined, false],
    ['x86_64-linux,aarch64-linux', [], 'aarch64-linux', undefined, true],
    ['x86_64-linux', [], 'x86_64-linux:local', undefined, true],
    ['x86_64-linux', [], 'builtin', undefined, true],
    ['x86_64-linux', [], 'builtin', 'x86_64-linux', true],
    ['x86_64-linux', [], 'builtin', 'aarch64-linux', false],
    ['x86_64-linux', [], 'builtin:local', 'x86_64-linux', true],
    ['x86_64-linux', [], 'x86_64-linux:kvm', undefined, false],
    ['x86_64-linux', ['kvm'], 'x86_64-linux:kvm', undefined, true],
    ['x86_64-linux', ['kvm'], 'x86_64-linux', undefined, true],
    ['x86_64-linux:kvm', [], 'x86_64-linux:kvm', undefined, true],
    ['x86_64-linux:kvm', [], 'x86_64-linux', undefined, false],
    ['x86_64-linux:kvm,benchmark', [], 'x86_64-linux:benchmark,kvm', undefined, true],
    ['x86_64-linux:kvm,benchmark', [], 'x86_64-linux:kvm', undefined, false],
    ['x86_64-linux:kvm', ['benchmark'], 'x86_64-linux:benchmark,kvm', undefined, true],
    ['x86_64-linux:kvm', ['benchmark'], 'x86_64-linux:benchmark', undefined, false],
  ])('%s with also %j: %s on a %s host is %s', (key, supportedFeatures, step, hostSystem, covered) => {
    expect(covers(aType(key, { supportedFeatures }), steps(step, 1), hostSystem)).toBe(covered);
  });
  it('by their system alone where the queue runner tells no features', () => {
    const untold = { key: LINUX, system: LINUX, runnable: 3, running: 0 };
    const kvm = aType(`${LINUX}:kvm`);
    expect([covers(kvm, untold, undefined), covers(aType('aarch64-linux'), untold, undefined)]).toEqual([
      true,
      false,
    ]);
    expect(typeFor([kvm, aType(LINUX)], untold, undefined)?.key).toBe(LINUX);
  });
  it('and lists i686 beside x86_64 once', () => {
    expect(systemsOf(aType('x86_64-linux'))).toEqual(['x86_64-linux', 'i686-linux']);
    expect(systemsOf(aType('i686-linux,x86_64-linux'))).toEqual(['i686-linux', 'x86_64-linux']);
    expect(systemsOf(aType('aarch64-linux'))).toEqual(['aarch64-linux']);
    expect(featuresOf(aType('x86_64-linux:kvm', { supportedFeatures: ['kvm', 'a'] }))).toEqual(['kvm', 'a']);
  });
});

describe('steps that several types cover', () => {
  it.each([
    ['x86_64-linux', ['x86_64-linux,aarch64-linux', 'x86_64-linux'], 'x86_64-linux'],
    ['i686-linux', ['x86_64-linux', 'i686-linux'], 'i686-linux'],
    ['i686-linux', ['x86_64-linux', 'x86_64-linux,aarch64-linux'], 'x86_64-linux'],
    [
      'aarch64-linux',
      ['aarch64-linux,armv7l-linux', 'aarch64-linux,riscv64-linux'],
      'aarch64-linux,armv7l-linux',
    ],
    ['x86_64-linux:kvm', ['x86_64-linux', 'x86_64-linux:kvm'], 'x86_64-linux:kvm'],
    ['riscv64-linux', ['x86_64-linux'], undefined],
  ])('%s of %j counts for %s', (step, keys, expected) => {
    const types = keys.map((key) => aType(key));
    expect(typeFor(types, steps(step, 1), undefined)?.key).toBe(expected);
  });
  it('count for the type of their name before one that offers less', () => {
    const named = aType('x86_64-linux:kvm', { supportedFeatures: ['a', 'b', 'c'] });
    const leaner = aType('x86_64-linux', { supportedFeatures: ['kvm'] });
    expect(typeFor([leaner, named], steps('x86_64-linux:kvm', 1), undefined)).toBe(named);
  });
  it('count once, and kinds add up', () => {
    const config = aConfig([aType('x86_64-linux'), aType('x86_64-linux,aarch64-linux')]);
    const demand = [steps('x86_64-linux', 2), steps('i686-linux', 3), steps('aarch64-linux', 4)];
    const { types, uncovered } = demandOf(config, asking(aStatus({ demand })));
    expect(types.map(({ runnable }) => runnable)).toEqual([5, 4]);
    expect(uncovered).toEqual([]);
  });
  it('or that none covers, are told apart', () => {
    const demand = [steps('riscv64-linux', 2), steps('armv7l-linux', 0)];
    expect(demandOf(aConfig(), asking(aStatus({ demand }))).uncovered).toEqual([steps('riscv64-linux', 2)]);
  });
});

describe('steps that nobody supports', () => {
  const count = (demand: readonly StepDemand[], told: { stepsUnsupported?: number }): number => {
    const queue = { ...lacking(aStatus({ demand }), 'stepsUnsupported'), ...told };
    return unsupportedSteps(queue, demandOf(aConfig(), asking(queue)));
  };
  const macs = steps('aarch64-darwin', 50, 4);
  it.each([
    ['of which other builders build some', [macs], { stepsUnsupported: 0 }, 0],
    ['beside such as other builders build', [macs, steps('riscv64-linux', 3)], { stepsUnsupported: 3 }, 3],
    ['while our own lines are not in the file yet', [steps(LINUX, 9)], { stepsUnsupported: 9 }, 0],
    ['by a runner that does not tell: of none something runs', [macs, steps('riscv64-linux', 3)], {}, 3],
  ])('%s', (_what, demand, told, expected) => {
    expect(count(demand, told)).toBe(expected);
  });
  it('are none that is known of while nothing is known', () => {
    expect(unsupportedSteps(untrusted(), demandOf(aConfig(), asking(untrusted())))).toBe(0);
  });
});

describe('what the caps withhold', () => {
  it('is what types want beyond their own cap, and what they are allowed beyond the common one', () => {
    const config = aConfig([aType(LINUX, { maxMachines: 3 }), aType('aarch64-linux', { maxMachines: 9 })], {
      maxTotalMachines: 8,
    });
    const wanting = (linux: number, arm: number) => {
      const demand = [steps(LINUX, linux), steps('aarch64-linux', arm)];
      const { types, beyondTotal } = withheldByCaps(config, demandOf(config, asking(aStatus({ demand }))));
      return [types.map(({ type }) => type.key), beyondTotal];
    };
    expect(wanting(3, 5)).toEqual([[], 0]);
    expect(wanting(4, 5)).toEqual([[LINUX], 0]);
    expect(wanting(3, 7)).toEqual([[], 2]);
    expect(wanting(9, 20)).toEqual([[LINUX, 'aarch64-linux'], 4]);
  });

  it('counts those that would cost too much, and those whose price nobody knows', () => {
    const withheld = (dollarsPerHour: { readonly dollarsPerHour?: number }) => {
      const config = aConfig([aType(LINUX, { maxMachines: 9, ...dollarsPerHour })], { maxDollarsPerHour: 1 });
      const queue = aStatus({ demand: [steps(LINUX, 5)] });
      return withheldByCaps(config, demandOf(config, asking(queue)), undefined).beyondTotal;
    };
    expect(withheld({ dollarsPerHour: 0.3 })).toBe(2);
    expect(withheld({ dollarsPerHour: 0.1 })).toBe(0);
    expect(withheld({})).toBe(5);
  });

  it('counts them beside types that have their machines all the same', () => {
    const config = aConfig([aType(LINUX), aType('aarch64-linux', { dollarsPerHour: 0.3 })], {
      maxDollarsPerHour: 1,
    });
    const queue = aStatus({ demand: [steps(LINUX, 2), steps('aarch64-linux', 4)] });
    expect(withheldByCaps(config, demandOf(config, asking(queue)), undefined).beyondTotal).toBe(2 + 1);
  });
});
