/** Steps that wait beside a free slot. */
import { describe, expect, it } from 'vitest';
import type { Farm, QueueMachine } from '../../../lambdas/core/model/index.ts';
import {
  LINUX,
  NOW,
  aConfig,
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
} from '../given.ts';

const TYPES = aConfig([aType(LINUX, { maxJobs: 2 })]);

/** One machine with a free slot beside nine waiting steps, unless told otherwise. */
const waiting = (farm: Partial<Farm> = {}, machine: Partial<QueueMachine> = {}, kind = LINUX) =>
  planFor(
    anObservation({
      farm: { backOffs: [], ...farm },
      machines: [aMachine()],
      instances: [anInstance()],
      queue: aStatus({ demand: [steps(kind, 9)], machines: [aQueueMachine(machine)] }),
    }),
    TYPES,
  );

describe('work beside a free slot', () => {
  it('starts a clock, and holds nothing back yet', () => {
    const plan = waiting();
    expect(plan.farm.stalledSince).toBe(NOW);
    expect(plan.nudge).toBe(false);
    expect(plan.settled).toBe(false);
    expect(actionsIn(plan)).toEqual([`launch 8 ${LINUX}`]);
  });
  it('for a minute is a stall: the file is republished and nothing is launched', () => {
    const plan = waiting({ stalledSince: NOW - 60 });
    expect(plan.nudge).toBe(true);
    expect(plan.farm).toMatchObject({ stalledSince: NOW - 60, lastNudgedAt: NOW });
    expect(actionsIn(plan)).toEqual([]);
    expect(saidOf(plan, LINUX)).toContain('republished');
  });
  it('for less than a minute is none', () => {
    expect(waiting({ stalledSince: NOW - 59 }).nudge).toBe(false);
  });
  it('is republished once a minute, no more', () => {
    const plan = waiting({ stalledSince: NOW - 100, lastNudgedAt: NOW - 59 });
    expect([plan.nudge, actionsIn(plan), plan.settled]).toEqual([false, [], true]);
    expect(waiting({ stalledSince: NOW - 100, lastNudgedAt: NOW - 60 }).nudge).toBe(true);
  });
  it('leaves floors alone', () => {
    const floors = [{ type: LINUX, count: 3, until: NOW + 60 }];
    const observation = anObservation({
      farm: { backOffs: [], stalledSince: NOW - 60 },
      machines: [aMachine()],
      instances: [anInstance()],
      queue: aStatus({ demand: [steps(LINUX, 9)], machines: [aQueueMachine()] }),
      floors,
    });
    expect(actionsIn(planFor(observation, TYPES))).toEqual([`launch 2 ${LINUX}`]);
  });
});

describe('no stall', () => {
  it.each([
    ['all slots are taken', waiting({ stalledSince: NOW - 60 }, { currentJobs: 2 })],
    ['the machine is not listed', waiting({ stalledSince: NOW - 60 }, { offered: false })],
    ['the machine is disabled', waiting({ stalledSince: NOW - 60 }, { disabledUntil: NOW + 30 })],
    ['the work is of another kind', waiting({ stalledSince: NOW - 60 }, {}, 'riscv64-linux')],
  ])('when %s', (_why, plan) => {
    expect(plan.nudge).toBe(false);
    expect(plan.farm).not.toHaveProperty('stalledSince');
  });
  it('when the machine was disabled and is no more', () => {
    expect(waiting({ stalledSince: NOW - 60 }, { disabledUntil: NOW }).nudge).toBe(true);
  });
  it('when the status is not trusted', () => {
    const farm = { backOffs: [], stalledSince: NOW - 60, lastNudgedAt: NOW - 600 };
    const observation = anObservation({
      farm,
      machines: [aMachine()],
      instances: [anInstance()],
      queue: untrusted(),
    });
    expect(planFor(observation, TYPES).farm).toMatchObject({ lastNudgedAt: NOW - 600 });
    expect(planFor(observation, TYPES).farm).not.toHaveProperty('stalledSince');
  });
});
