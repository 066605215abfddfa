/** What the simulation has found, as small as it gets. The seeds themselves are in `regressions.test.ts`. */
import { describe, expect, it } from 'vitest';
import { MemoryStateStore } from '../../../local/world/ports/memory-state-store.ts';
import {
  aConfig,
  aMachine,
  aLaunch,
  aStatus,
  aType,
  LINUX,
  NOW,
  planFor,
  sightingAt,
} from '../../core/given.ts';
import { farmOf, id } from '../../core/plan/farm-of.ts';
import type { Given } from '../../core/plan/farm-of.ts';
import type { Observation, Order } from '../../../lambdas/core/model/index.ts';

const CONFIG = aConfig([aType(LINUX, { maxJobs: 4, billing: 'per-second' })]);

const phaseOf = (observation: Observation, n: number): string | undefined =>
  planFor(observation, CONFIG).machines.find(({ instanceId }) => instanceId === id(n))?.phase;

const drainingWith = (currentJobs: number): Given => ({
  machine: {
    phase: 'draining',
    reason: 'not needed: x86_64-linux has enough',
    surplusSince: NOW - 900,
    drain: { since: NOW - 300, reason: 'not needed', withdrawn: sightingAt(NOW - 290) },
  },
  seen: { currentJobs, offered: false },
});

it('no idle machine is kept for the steps of a draining one', () => {
  expect(phaseOf(farmOf([{}, drainingWith(2)], 0), 1)).toBe('draining');
});

it('no idle machine is kept for the steps of a machine that was surplus before', () => {
  const busy: Given = { machine: { surplusSince: NOW - 600 }, seen: { currentJobs: 2 } };

  expect(phaseOf(farmOf([{}, busy], 0), 1)).toBe('draining');
});

it('a drain of which the queue runner, restarted since, knows nothing starts again from the list', () => {
  const machine = drainingWith(0).machine ?? {};
  const restarted = aStatus({ runnerStartedAt: NOW - 400, machines: [] });
  const observation = farmOf([{ machine: { ...machine, seenOffered: sightingAt(NOW - 5000) } }], 0, {
    queue: restarted,
  });

  expect(phaseOf(observation, 1)).toBe('ready');
  expect(planFor(observation, CONFIG).machines[0]?.seenOffered).toBeUndefined();
});

describe('a drain for good of which the queue runner knows nothing', () => {
  const seenOffered = sightingAt(NOW - 5000);
  const lost = (runnerStartedAt: number, orders: readonly Order[]): Observation => {
    const queue = aStatus({ runnerStartedAt, machines: [] });
    const machine = { ...drainingWith(0).machine, seenOffered };
    const farm = farmOf([{ machine }], 0, { queue });
    return { ...farm, state: { ...farm.state, orders } };
  };
  const sentAway: Order = { kind: 'drain', instanceId: id(1), at: NOW - 600 };
  const evidence = (observation: Observation, config = CONFIG) =>
    planFor(observation, config).machines[0]?.drain;

  it('goes on when the runner has restarted since it showed the machine', () => {
    expect(evidence(lost(NOW - 400, [sentAway]))).toMatchObject({ knownWithdrawn: { at: NOW } });
    const other = aConfig([aType('aarch64-linux')]);
    expect(evidence(lost(NOW - 400, []), other)).toMatchObject({ knownWithdrawn: { at: NOW } });
  });

  it('waits when it has not: then nobody knows why the machine is missing', () => {
    expect(evidence(lost(NOW - 6000, [sentAway]))).not.toHaveProperty('knownWithdrawn');
  });
});

it('a launch stays open while one of its machines cannot be recorded', async () => {
  const store = new MemoryStateStore();
  const taken = await store.acquire('tick', NOW, 150);
  if (!('lease' in taken)) throw new Error('the store is ours alone');
  const launch = aLaunch({ count: 2 });
  const nothing = { machines: [], closedMachines: [], launches: [], closedLaunches: [] };
  await store.save(taken.lease, { ...nothing, launches: [launch] });
  store.before = (call, record) => {
    if (call === 'write' && record === id(2)) throw new Error('ThrottlingException');
  };
  const machines = [1, 2].map((n) => aMachine({ instanceId: id(n), launchId: launch.id }));
  await expect(
    store.save(taken.lease, { ...nothing, machines, closedLaunches: [launch.id] }),
  ).rejects.toMatchObject({ unsaved: [id(2)] });

  expect((await store.load(NOW)).launches).toEqual([launch]);
});
