/** The speeds in the machines file, by which the queue runner fills one machine after the other, or all alike. */
import { describe, expect, it } from 'vitest';
import type { MachineType, WrittenMachineType } from '../../../../lambdas/core/config/machine-type.ts';
import type { Machine } from '../../../../lambdas/core/model/index.ts';
import { factsOf } from '../../../../lambdas/core/check/facts.ts';
import { cppChecks } from '../../../../lambdas/hydra/cpp/check/checks.ts';
import { wrongLines } from '../../../../lambdas/hydra/cpp/check/file-rules.ts';
import { renderMachinesFile } from '../../../../lambdas/hydra/cpp/machines-file.ts';
import { packingScale } from '../../../../lambdas/hydra/cpp/life/speed.ts';
import { dispatched } from './dispatched.ts';
import {
  LINUX,
  NOW,
  aConfig,
  aMachine,
  aStatus,
  aType,
  anInstance,
  anObservation,
  listingsOf,
  planFor,
  steps,
} from '../../../core/given.ts';

const type = (written: Partial<WrittenMachineType>, key = LINUX): MachineType =>
  aType(key, { minMachines: 3, ...written });

const machine = (n: number, changed: Partial<Machine> = {}): Machine =>
  aMachine({ instanceId: `i-0000000${n}`, address: `10.0.0.${n}`, startedAt: NOW - 5400, ...changed });

function planned(types: readonly MachineType[], machines: readonly Machine[]) {
  const config = aConfig(types);
  const observation = anObservation({
    machines,
    instances: machines.map(({ instanceId, address = '', type: of, startedAt = NOW - 5400 }) =>
      anInstance({ instanceId, address, type: of, startedAt }),
    ),
    queue: aStatus({ demand: [steps(LINUX, 99)] }),
  });
  const plan = planFor(observation, config);
  const lines = listingsOf(plan);
  const wrong = wrongLines(factsOf(cppChecks, config, observation, plan), lines);
  return { lines, wrong, file: renderMachinesFile('farm', lines) };
}

const speedsOf = (types: readonly MachineType[], machines: readonly Machine[]): readonly number[] =>
  planned(types, machines)
    .lines.filter(({ instanceId }) => instanceId !== undefined)
    .map(({ speedFactor }) => speedFactor);

const THREE = [machine(1), machine(2), machine(3)];

describe('packed machines', () => {
  it.each([1, 2, 4, 64, 10_000])('with %d slots are faster than any load of theirs', (maxJobs) => {
    const [speed = 0] = speedsOf([type({ maxJobs })], THREE);
    expect(Math.round(Math.fround(maxJobs / Math.fround(speed)))).toBe(0);
    expect(planned([type({ maxJobs })], THREE).wrong).toEqual([]);
  });
  it('are filled one after the other by the queue runner', () => {
    expect(dispatched(planned([type({ maxJobs: 4 })], THREE).file, 6)).toEqual([4, 2, 0]);
  });
  it('have the speeds of their types as people set them, times one number', () => {
    const types = [type({ maxJobs: 2, speedFactor: 3 }), type({ maxJobs: 4 }, 'x86_64-linux:kvm')];
    expect(speedsOf(types, [machine(1), machine(2, { type: 'x86_64-linux:kvm' })])).toEqual([27, 9]);
  });
  it('are packed however slow people call them, and however many slots they have', () => {
    const slow = [type({ maxJobs: 4, speedFactor: 0.5 }), type({ speedFactor: 2 }, 'x86_64-linux:kvm')];
    expect(speedsOf(slow, THREE)).toEqual([9, 9, 9]);
    expect(packingScale(slow)).toBe(18);
    const extreme = type({ maxJobs: 10_000, speedFactor: 1e6 });
    expect(speedsOf([extreme], THREE)).toEqual([1e6, 1e6, 1e6]);
    expect(planned([extreme], THREE).wrong).toEqual([]);
  });
});

describe('machines that steps are spread over', () => {
  it('are as fast as people say, and evenly loaded', () => {
    const spread = type({ maxJobs: 4, placement: 'spread', speedFactor: 1.5 });
    expect(speedsOf([spread], THREE)).toEqual([1.5, 1.5, 1.5]);
    const even = type({ maxJobs: 4, placement: 'spread' });
    expect(dispatched(planned([even], THREE).file, 6)).toEqual([2, 2, 2]);
    expect(planned([spread], THREE).wrong).toEqual([]);
  });
  it('keep their speed beside a type that is packed', () => {
    const types = [
      type({ maxJobs: 4, placement: 'spread', speedFactor: 1.5 }),
      type({ maxJobs: 4 }, 'x86_64-linux:kvm'),
    ];
    expect(speedsOf(types, [machine(1), machine(2, { type: 'x86_64-linux:kvm' })])).toEqual([1.5, 9]);
  });
});

describe('packed machines that are paid by the hour', () => {
  const hourly = THREE.map((one, index) => ({
    ...one,
    billing: 'hourly' as const,
    startedAt: NOW - 900 * index,
  }));
  const types = [type({ maxJobs: 4, billing: 'hourly' })];

  it('are filled from the newest on, of which most is paid', () => {
    const { file, wrong } = planned(types, hourly);
    expect(dispatched(file, 6)).toEqual([4, 2, 0]);
    const [first, second, third] = hourly;
    if (first === undefined || second === undefined || third === undefined)
      throw new Error('three are given');
    const turned = planned(types, [
      { ...first, startedAt: NOW - 1800 },
      { ...second, startedAt: NOW - 60 },
      { ...third, startedAt: NOW - 900 },
    ]);
    expect(dispatched(turned.file, 6)).toEqual([0, 4, 2]);
    expect([...wrong, ...turned.wrong]).toEqual([]);
  });
  it('have the same lines in whatever order they are told of, and later', () => {
    expect(planned(types, hourly.toReversed()).file).toBe(planned(types, hourly).file);
  });
  it('are caught where an older one would be filled first', () => {
    const config = aConfig(types);
    const observation = anObservation({
      machines: hourly,
      instances: hourly.map(({ instanceId, address = '' }) => anInstance({ instanceId, address })),
      queue: aStatus({ demand: [steps(LINUX, 99)] }),
    });
    const plan = planFor(observation, config);
    const upsideDown = listingsOf(plan).map((line) => ({ ...line, speedFactor: 20 - line.speedFactor }));
    expect(wrongLines(factsOf(cppChecks, config, observation, plan), upsideDown).join('; ')).toContain(
      'of which more is paid',
    );
  });
});
