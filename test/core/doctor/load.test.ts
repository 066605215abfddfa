/** Whether packing is worth it, by what machines have done. */
import { describe, expect, it } from 'vitest';
import { examineLoad } from '../../../lambdas/core/doctor/load.ts';
import type { WrittenMachineType } from '../../../lambdas/core/config/machine-type.ts';
import type { Finding } from '../../../lambdas/core/doctor/finding.ts';
import {
  LINUX,
  NOW,
  aConfig,
  aMachine,
  aQueueMachine,
  aStatus,
  aType,
  anInstance,
  anObservation,
  planFor,
  sightingAt,
  untrusted,
} from '../given.ts';

/** A machine that was offered 1,000 s ago and has had so many jobs at once since, each of so many seconds. */
interface Had {
  readonly load: number;
  readonly seconds: number;
}

function examined(had: readonly Had[], written: Partial<WrittenMachineType> = {}, trusted = true) {
  const config = aConfig([aType(LINUX, { maxJobs: 4, minMachines: had.length, ...written })]);
  const machines = had.map((_, n) =>
    aMachine({ instanceId: `i-0000001${n}`, address: `10.0.0.${n}`, offered: sightingAt(NOW - 1000) }),
  );
  const seen = had.map(({ load, seconds }, n) =>
    aQueueMachine({
      key: `10.0.0.${n}`,
      done: { steps: Math.round((load * 1000) / seconds), seconds: load * 1000 },
    }),
  );
  const observation = anObservation({
    machines,
    instances: machines.map(({ instanceId, address = '' }) => anInstance({ instanceId, address })),
    queue: trusted ? aStatus({ machines: seen }) : untrusted(),
  });
  const plan = planFor(observation, config);
  return { config, observation, plan, prerequisites: new Map(), vcpuQuotas: new Map() };
}

const told = (...args: Parameters<typeof examined>): Finding | undefined => examineLoad(examined(...args))[0];

const three = (load: number, seconds: number): readonly Had[] => [1, 2, 3].map(() => ({ load, seconds }));

describe('how long steps take beside others', () => {
  it('is told with what it means for packing', () => {
    expect(told([...three(1, 10), ...three(4, 15)])).toMatchObject({
      check: `load of ${LINUX}`,
      health: 'good',
      says: 'steps took 15 s on full machines and 10 s on those with little to do: 1.5 times as long',
    });
    expect(told([...three(1, 10), ...three(4, 24)])).toMatchObject({
      health: 'doubtful',
      says: expect.stringContaining('more machine hours than it saves') as unknown,
      remedy: expect.stringContaining('"spread"') as unknown,
    });
  });
  it('is no reproach to who spreads already', () => {
    expect(told([...three(1, 10), ...three(4, 24)], { placement: 'spread' })?.health).toBe('good');
  });
  it.each<[string, readonly Had[], Partial<WrittenMachineType>?]>([
    ['all machines are full', three(4, 24)],
    ['all are nearly idle', three(1, 10)],
    ['machines are few', [...three(1, 10).slice(1), ...three(4, 24)]],
    ['steps are few', [...three(1, 10), ...three(4, 150)]],
    ['a predecessor at the same address has done some of it', [...three(1, 10), ...three(6, 24)]],
    ['there is one slot', [...three(0.3, 3), ...three(1, 9)], { maxJobs: 1 }],
  ])('is not told where %s', (_what, had, written = {}) => {
    expect(told(had, written)).toBeUndefined();
  });
  it('is not told by a status that is not trusted', () => {
    expect(told([...three(1, 10), ...three(4, 24)], {}, false)).toBeUndefined();
  });
});
