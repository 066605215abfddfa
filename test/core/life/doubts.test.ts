/** Machines that the queue runner fails to use: asked at once, drained when they do not answer. */
import { describe, expect, it } from 'vitest';
import type { Machine, Observation, Readiness, QueueMachine } from '../../../lambdas/core/model/index.ts';
import { wantsReadinessCheck } from '../../../lambdas/core/life/boot.ts';
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
  onlyMachine,
  planFor,
  sightingAt,
  untrusted,
} from '../given.ts';

const ID = 'i-00000001';
const NEEDED = aConfig([aType(LINUX, { minMachines: 1, maxMachines: 2 })]);
const probe = (reached: boolean, detail = reached ? '' : 'no route to host'): Readiness => ({
  instanceId: ID,
  reached,
  detail,
});

describe('a machine the queue runner cannot use', () => {
  const failing = (changed: Partial<QueueMachine> = {}) =>
    aStatus({
      machines: [aQueueMachine({ consecutiveFailures: 2, lastFailure: NOW - 20, ...changed })],
    });
  const judge = (machine: Partial<Machine>, seen: Partial<Observation> = {}) =>
    planFor(
      anObservation({ machines: [aMachine(machine)], instances: [anInstance()], queue: failing(), ...seen }),
      NEEDED,
    );

  it('twice in a row is doubted, replaced and asked, but still listed', () => {
    const plan = judge({});
    const machine = onlyMachine(plan);
    expect(machine).toMatchObject({ phase: 'ready', unreachableSince: NOW });
    expect(wantsReadinessCheck(machine)).toBe(true);
    expect(actionsIn(plan)).toEqual([`launch 1 ${LINUX}`]);
    expect(plan.offers.some(({ machine: { instanceId } }) => instanceId === ID)).toBe(true);
    expect(plan.settled).toBe(false);
  });
  it('once is asked at the next look, and is capacity until then: the build may have been cancelled', () => {
    const plan = judge({}, { queue: failing({ consecutiveFailures: 1 }) });
    expect(onlyMachine(plan)).toMatchObject({ phase: 'ready', doubtedSince: NOW });
    expect(onlyMachine(plan)).not.toHaveProperty('unreachableSince');
    expect([wantsReadinessCheck(onlyMachine(plan)), plan.settled, actionsIn(plan)]).toEqual([
      true,
      false,
      [],
    ]);
  });
  it('once, and that does not answer us either, is drained at that look', () => {
    const seen = { queue: failing({ consecutiveFailures: 1 }), readiness: [probe(false)] };
    const plan = judge({ doubtedSince: NOW - 15 }, seen);
    expect(plan.machines.find(({ instanceId }) => instanceId === ID)?.phase).toBe('draining');
    expect(plan.failed).toMatchObject([
      { instanceId: ID, reason: expect.stringContaining('SSH') as unknown },
    ]);
  });
  it.each([
    ['before it was listed', { offered: sightingAt(NOW - 5) }, failing()],
    ['before it was last reached', { reached: sightingAt(NOW - 5) }, failing()],
  ])('%s is not doubted', (_when, machine, queue) => {
    const judged = onlyMachine(judge(machine, { queue }));
    expect(judged).not.toHaveProperty('doubtedSince');
    expect(judged).not.toHaveProperty('unreachableSince');
    expect(wantsReadinessCheck(judged)).toBe(false);
  });
  it('but that answers is believed, and old failures do not count again', () => {
    const machine = onlyMachine(judge({ unreachableSince: NOW - 30 }, { readiness: [probe(true)] }));
    expect(machine).not.toHaveProperty('unreachableSince');
    expect(machine.reached).toEqual(sightingAt(NOW));
    expect(onlyMachine(judge(machine))).not.toHaveProperty('unreachableSince');
  });
  it.each([
    [119, 'ready'],
    [120, 'draining'],
  ] as const)('of whom only we have doubts, and that has not answered for %d s, is %s', (seconds, phase) => {
    const seen = { queue: aStatus({ machines: [aQueueMachine()] }), readiness: [probe(false)] };
    const plan = judge({ unreachableSince: NOW - seconds }, seen);
    expect(plan.machines.find(({ instanceId }) => instanceId === ID)?.phase).toBe(phase);
  });
  it('is not given up while nobody asks it', () => {
    expect(onlyMachine(judge({ unreachableSince: NOW - 9000 })).phase).toBe('ready');
  });
  it('is drained even without a status: what was asked was the machine', () => {
    const seen = { queue: untrusted({ cause: 'down' }), readiness: [probe(false)] };
    expect(onlyMachine(judge({ unreachableSince: NOW - 120 }, seen)).phase).toBe('draining');
  });
  it('returns to work when it answers again while it drains', () => {
    const away = onlyMachine(judge({ unreachableSince: NOW - 120 }, { readiness: [probe(false)] }));
    expect(onlyMachine(judge(away, { readiness: [probe(true)] })).phase).toBe('ready');
  });
  it('and that nobody needs is drained without waiting for certainty', () => {
    const idle = aConfig([aType(LINUX)]);
    const observation = anObservation({
      machines: [aMachine()],
      instances: [anInstance()],
      queue: failing(),
    });
    expect(onlyMachine(planFor(observation, idle)).phase).toBe('draining');
  });
});
