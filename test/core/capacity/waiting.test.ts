import { describe, expect, it } from 'vitest';
import type { Farm, Observation } from '../../../lambdas/core/model/index.ts';
import { longestWait } from '../../../lambdas/core/capacity/waiting.ts';
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
  steps,
  untrusted,
} from '../given.ts';

const ARM = 'aarch64-linux';
const waitingIn = (farm: Partial<Farm>, seen: Partial<Observation>): Farm['waiting'] =>
  planFor(
    anObservation({ farm: { backOffs: [], ...farm }, ...seen }),
    aConfig([aType(LINUX, { maxJobs: 1 }), aType(ARM)]),
  ).farm.waiting;

const since = (seconds: number, type = LINUX) => [{ type, since: NOW - seconds }];
const queue = aStatus({ demand: [steps(LINUX, 1)] });

describe('a type waits', () => {
  it('from the first look at steps without a free slot, until they are gone', () => {
    expect(waitingIn({}, { queue })).toEqual(since(0));
    expect(waitingIn({ waiting: since(900) }, { queue })).toEqual(since(900));
    expect(waitingIn({ waiting: since(900) }, { queue: aStatus() })).toBeUndefined();
  });

  it('by a clock of its own', () => {
    const both = aStatus({ demand: [steps(LINUX, 1), steps(ARM, 1)] });
    expect(waitingIn({ waiting: since(900, ARM) }, { queue: both })).toEqual([
      ...since(0),
      ...since(900, ARM),
    ]);
  });

  it('on while nothing is known of the queue, and not any more when it is not configured', () => {
    const waiting = [...since(900), ...since(900, 'riscv64-linux')];
    expect(waitingIn({ waiting }, { queue: untrusted() })).toEqual(since(900));
  });

  it.each([
    [1, since(900)],
    [0, undefined],
  ])('beside its machine only while that is busy with %i builds', (currentJobs, expected) => {
    const observation = anObservation({
      farm: { backOffs: [], waiting: since(900) },
      machines: [aMachine()],
      instances: [anInstance()],
      queue: aStatus({ demand: [steps(LINUX, 1)], machines: [aQueueMachine({ currentJobs })] }),
    });
    expect(planFor(observation, aConfig([aType(LINUX, { maxJobs: 1 })])).farm.waiting).toEqual(expected);
  });

  it('as long as the one that has waited longest', () => {
    expect(longestWait([...since(20), ...since(900, ARM)], NOW)).toBe(900);
    expect(longestWait([], NOW)).toBe(0);
  });
});
