/** Farms of numbered machines of one type, each step worth a machine. */
import type { Drain, Machine, Observation, QueueMachine } from '../../../lambdas/core/model/index.ts';
import {
  LINUX,
  NOW,
  aMachine,
  aQueueMachine,
  aStatus,
  anInstance,
  anObservation,
  sightingAt,
  steps,
} from '../given.ts';

export const id = (n: number): string => `i-0000000${n}`;
export const addressOf = (n: number): string => `10.0.0.${n}`;

/** All evidence of a drain. */
export const COMPLETE: Drain = {
  since: NOW - 300,
  reason: 'not needed',
  withdrawn: sightingAt(NOW - 290),
  knownWithdrawn: sightingAt(NOW - 270),
  quiet: sightingAt(NOW - 240),
  clear: sightingAt(NOW - 240),
};

/** A machine with its instance and what the queue runner says of it. */
export interface Given {
  readonly machine?: Partial<Machine>;
  readonly paidLeft?: number;
  readonly seen?: Partial<QueueMachine>;
}

/** A farm of numbered machines; `runnable` steps, each worth a machine. */
export function farmOf(
  given: readonly Given[],
  runnable: number,
  more: Partial<Observation> = {},
): Observation {
  const numbered = given.map((one, index) => ({ ...one, n: index + 1 }));
  return anObservation({
    machines: numbered.map(({ n, machine, paidLeft }) => ({
      ...aMachine({ instanceId: id(n), address: addressOf(n), ...machine }),
      billing: paidLeft === undefined ? 'per-second' : 'hourly',
    })),
    instances: numbered.map(({ n, paidLeft = 1800 }) =>
      anInstance({ instanceId: id(n), address: addressOf(n), startedAt: NOW - 7200 + paidLeft }),
    ),
    queue: aStatus({
      demand: [steps(LINUX, runnable)],
      machines: numbered.map(({ n, seen }) => aQueueMachine({ key: addressOf(n), ...seen })),
    }),
    ...more,
  });
}
