/** Which machines stay, and which go, where a type works by a target wait. */
import { describe, expect, it } from 'vitest';
import type { WrittenMachineType } from '../../../lambdas/core/config/machine-type.ts';
import type { Gaps, Machine, QueueMachine } from '../../../lambdas/core/model/index.ts';
import { checkPlan } from '../../../lambdas/core/check/check-plan.ts';
import { cpp } from '../../../lambdas/hydra/cpp/dialect.ts';
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
} from '../given.ts';

interface Given {
  readonly runnable?: number;
  readonly type?: Partial<WrittenMachineType>;
  readonly gaps?: Gaps;
  /** One a machine: what the queue runner shows of it. */
  readonly seen: readonly Partial<QueueMachine>[];
  readonly machine?: Partial<Machine>;
  readonly booting?: number;
  readonly coming?: Partial<Machine>;
}

const PAID = 5400;

function phasesAfter({
  runnable = 0,
  type,
  gaps,
  seen,
  machine = {},
  booting = 0,
  coming: changed,
}: Given): readonly string[] {
  const ready = seen.map((_, n) =>
    aMachine({ instanceId: `i-0000001${n}`, address: `10.0.1.${n}`, startedAt: NOW - PAID, ...machine }),
  );
  const coming = Array.from({ length: booting }, (_, n) =>
    aBootingMachine({ instanceId: `i-0000002${n}`, ...changed }),
  );
  const machines = [...ready, ...coming];
  const observation = anObservation({
    farm: { backOffs: [], ...(gaps === undefined ? {} : { gaps: [gaps] }) },
    machines,
    instances: machines.map(({ instanceId, address, startedAt = NOW - 60 }) =>
      anInstance({ instanceId, startedAt, ...(address === undefined ? {} : { address }) }),
    ),
    queue: aStatus({
      demand: [steps(LINUX, runnable)],
      machines: seen.map((one, n) => aQueueMachine({ key: `10.0.1.${n}`, ...one })),
    }),
  });
  const dial = aType(LINUX, { targetWait: 600, maxJobs: 4, billing: 'per-second', ...type });
  const config = aConfig([dial]);
  const plan = planFor(observation, config);
  expect(checkPlan(cpp.checks, config, observation, plan)).toEqual([]);
  return plan.machines.map(({ phase }) => phase);
}

const idle = (seconds: number): Partial<QueueMachine> => ({ currentJobs: 0, idleSince: NOW - seconds });
const busy = (currentJobs: number): Partial<QueueMachine> => ({ currentJobs });

/** The machine of the second rank is mostly needed again within five minutes. */
const soon: Gaps = {
  type: LINUX,
  need: 1,
  falls: [],
  seen: [{ group: 1, counts: [0, 0, 0, 90, 9, 0, 0, 0, 0, 0, 0] }],
};

describe('where seconds are paid for', () => {
  it('an idle machine stays for a minute while nothing is known of its like', () => {
    expect(phasesAfter({ seen: [idle(50)] })).toEqual(['ready']);
    expect(phasesAfter({ seen: [idle(70)] })).toEqual(['draining']);
  });
  it('it stays for as long as its like is likely to be needed again', () => {
    const given = (seconds: number): Given => ({ seen: [busy(4), idle(seconds)], gaps: soon });
    expect(phasesAfter(given(170))).toEqual(['ready', 'ready']);
    expect(phasesAfter(given(400))).toEqual(['ready', 'draining']);
  });
  it('one at work leaves early where the others have room, unless it is likely to be needed soon', () => {
    expect(phasesAfter({ seen: [busy(1), busy(3)] })).toEqual(['draining', 'ready']);
    expect(phasesAfter({ seen: [busy(1), busy(3)], gaps: soon })).toEqual(['ready', 'ready']);
    expect(phasesAfter({ seen: [busy(3), busy(3)] })).toEqual(['ready', 'ready']);
  });
  it('none leaves that steps which wait could fill, however long the target', () => {
    const type = { targetWait: 86_400 };
    expect(phasesAfter({ runnable: 5, type, seen: [busy(4), idle(900), idle(900)] })).toEqual([
      'ready',
      'ready',
      'ready',
    ]);
    expect(phasesAfter({ runnable: 4, type, seen: [busy(4), idle(900), idle(900)] }).toSorted()).toEqual([
      'draining',
      'ready',
      'ready',
    ]);
  });
});

describe('where hours are paid for', () => {
  it('machines stay until their hours end, and leave then down to what is wanted', () => {
    const type = { billing: 'hourly' as const };
    const until = (left: number): Partial<Machine> => ({ billing: 'hourly', startedAt: NOW - 3600 + left });
    expect(phasesAfter({ type, seen: [idle(900)], machine: until(1200) })).toEqual(['ready']);
    expect(phasesAfter({ type, seen: [idle(900)], machine: until(400) })).toEqual(['draining']);
    expect(phasesAfter({ type, seen: [busy(4), idle(30)], machine: until(400), gaps: soon })).toEqual([
      'ready',
      'draining',
    ]);
    const waiting = { runnable: 1, type, machine: until(400) };
    expect(phasesAfter({ ...waiting, seen: [idle(900), idle(900)] }).toSorted()).toEqual([
      'draining',
      'ready',
    ]);
  });
});

describe('a machine on its way', () => {
  it('is never ended while steps wait', () => {
    expect(phasesAfter({ runnable: 1, seen: [], booting: 3 })).toEqual(['booting', 'booting', 'booting']);
    const surplus = { phaseSince: NOW - 90, surplusSince: NOW - 61 };
    expect(phasesAfter({ runnable: 1, seen: [], booting: 2, coming: surplus })).toEqual([
      'booting',
      'booting',
    ]);
  });
  it('is ended once nothing has waited for a while', () => {
    expect(phasesAfter({ seen: [], booting: 1, type: { minMachines: 1 } })).toEqual(['booting']);
    expect(phasesAfter({ seen: [], booting: 1 })).toEqual(['booting']);
    const surplus = { phaseSince: NOW - 90, surplusSince: NOW - 61 };
    expect(phasesAfter({ seen: [], booting: 1, coming: surplus })).toEqual(['terminating']);
    expect(phasesAfter({ runnable: 1, seen: [], booting: 1, coming: surplus })).toEqual(['booting']);
  });
});

describe('a draining machine', () => {
  it('goes back to work before another one is launched', () => {
    const machine: Partial<Machine> = { phase: 'draining', drain: { since: NOW - 30, reason: 'not needed' } };
    expect(phasesAfter({ runnable: 8, seen: [idle(60), idle(60)], machine })).toEqual(['ready', 'ready']);
  });
});
