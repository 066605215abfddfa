/** What is planned for machines of the Rust queue runner; each test says only what matters to it. */
import type { Config } from '../../../lambdas/core/config/config.ts';
import type {
  Drain,
  Instance,
  Machine,
  Observation,
  QueueMachine,
} from '../../../lambdas/core/model/index.ts';
import { makePlan } from '../../../lambdas/core/plan/plan.ts';
import type { Plan } from '../../../lambdas/core/plan/plan.ts';
import { rustLife } from '../../../lambdas/hydra/rust/life/life.ts';
import {
  NOW,
  aConfig,
  aMachine,
  aQueueMachine,
  aStatus,
  anInstance,
  anObservation,
  lacking,
  sightingAt,
} from '../../core/given.ts';
import type { TrustedParts } from '../../core/given.ts';

export const ID = 'i-00000001';

/** With the address at which builders dial in. */
export const dialledAt = (config: Config = aConfig()): Config => ({
  ...config,
  host: { ...config.host, queueRunnerAddr: 'https://hydra.example.org' },
});

/** Open, and known to the queue runner. */
export const aBuilder = (changed: Partial<Machine> = {}): Machine => ({
  ...lacking(aMachine(), 'identity'),
  runner: 'rust',
  ...changed,
});

/** As the status shows it: it has just pinged, open and idle. */
export const aDialled = (changed: Partial<QueueMachine> = {}): QueueMachine =>
  aQueueMachine({ key: ID, heardAt: NOW - 5, busySteps: 0, ...changed });

/** Withdrawn, known to be, and quiet for 40 s. */
export const QUIET: Drain = {
  since: NOW - 100,
  reason: 'not needed',
  withdrawn: sightingAt(NOW - 90),
  knownWithdrawn: sightingAt(NOW - 70),
  quiet: sightingAt(NOW - 40),
};

export const drainingAs = (drain: Drain): Machine => ({
  ...lacking(aBuilder({ phase: 'draining', reason: drain.reason }), 'offered'),
  drain,
});

interface Seen {
  readonly shown?: QueueMachine | undefined;
  readonly status?: Omit<TrustedParts, 'machines'>;
  readonly instance?: Partial<Instance>;
  readonly more?: Partial<Observation>;
}

/** One machine, and how the status shows it if it does. */
export const seenWith = (
  machine: Machine,
  { shown, status = {}, instance = {}, more = {} }: Seen = {},
): Observation => {
  const told = { stepsFinishing: undefined, ...status, machines: shown === undefined ? [] : [shown] };
  return anObservation({
    machines: [machine],
    instances: [anInstance(instance)],
    farm: { backOffs: [], runner: { kind: 'rust', since: NOW - 90_000 } },
    runner: 'rust',
    // Neither is told by this queue runner.
    queue: lacking(aStatus(told), 'stepsUnsupported'),
    ...more,
  });
};

export const rustPlan = (observation: Observation, config: Config = dialledAt()): Plan =>
  makePlan(rustLife, config, observation, (n) => `new-${n}`);
