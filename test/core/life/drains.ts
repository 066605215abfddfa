/** One draining machine, as far as each test needs it, and what a plan makes of it. */
import type { Drain, Machine, Observation, QueueMachine } from '../../../lambdas/core/model/index.ts';
import type { Plan } from '../../../lambdas/core/plan/plan.ts';
import {
  NOW,
  aMachine,
  aQueueMachine,
  aStatus,
  anInstance,
  anObservation,
  lacking,
  onlyMachine,
  planFor,
  sightingAt,
} from '../given.ts';
import type { TrustedParts } from '../given.ts';

export const ID = 'i-00000001';
export const START: Drain = { since: NOW - 100, reason: 'not needed' };
export const UNLISTED: Drain = { ...START, withdrawn: sightingAt(NOW - 90) };
export const ACKNOWLEDGED: Drain = { ...UNLISTED, knownWithdrawn: sightingAt(NOW - 70) };
export const QUIET: Drain = { ...ACKNOWLEDGED, quiet: sightingAt(NOW - 40) };
export const UNCOPIED: Drain = { ...QUIET, noneFinishing: sightingAt(NOW - 40) };
export const COPIED: Drain = { ...QUIET, clear: sightingAt(NOW - 40) };

export const draining = (drain: Drain, changed: Partial<Machine> = {}): Machine => ({
  ...lacking(aMachine({ phase: 'draining', reason: 'not needed', drain }), 'offered'),
  ...changed,
});

export const gone = (changed: Partial<QueueMachine> = {}): QueueMachine =>
  aQueueMachine({ offered: false, ...changed });

export const look = (
  machine: Machine,
  seen: QueueMachine | undefined = gone(),
  status: Omit<TrustedParts, 'machines'> = {},
  more: Partial<Observation> = {},
): Plan => {
  const queue = aStatus({ ...status, machines: seen === undefined ? [] : [seen] });
  return planFor(anObservation({ machines: [machine], instances: [anInstance()], queue, ...more }));
};
export const drainAfter = (...given: Parameters<typeof look>): Drain | undefined =>
  onlyMachine(look(...given)).drain;
