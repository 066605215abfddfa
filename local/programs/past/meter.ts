/**
 * What machines ran for and what that cost, by what ticks saw of them. AWS counts seconds from the start to the request
 * that ends it; a tick sees a machine every few minutes or seconds.
 */
import { runnerOf } from '../../../lambdas/core/life/runner.ts';
import type {
  Action,
  Instance,
  Machine,
  Observation,
  TrustedStatus,
} from '../../../lambdas/core/model/index.ts';
import { dialects } from '../../../lambdas/hydra/dialects.ts';

/** What a machine did while it was paid for. `unknown`: the queue status was not trusted, or nobody remembers it. */
export const USES = ['working', 'idle', 'booting', 'unknown'] as const;
export type Use = (typeof USES)[number];

/** One machine's. */
export interface Bill {
  readonly machine: string;
  readonly type: string;
  /** By what it did, as it was at the look before. */
  readonly seconds: Readonly<Record<Use, number>>;
  /** Absent where it was never known. */
  readonly dollarsPerHour?: number;
}

interface Running {
  readonly type: string;
  readonly seconds: Record<Use, number>;
  dollarsPerHour?: number;
  /** EC2's start of it that is counted. */
  startedAt: number | undefined;
  /** Up to when it is counted, and what it has done since. */
  seenAt: number;
  use: Use;
  /** AWS was asked to end it. */
  askedAt: number | undefined;
  isRunning: boolean;
}

/** One in a state without a name may be paid for. */
const RUNS: ReadonlySet<Instance['state']> = new Set(['pending', 'running', 'unknown']);

export class Meter {
  readonly #machines = new Map<string, Running>();
  /** The first look: what ran before it is not known. */
  #first: number | undefined;

  /** @param observation the looks in their order. */
  look(observation: Observation): void {
    const { now, instances, state } = observation;
    this.#first ??= now;
    const remembered = new Map(state.machines.map((machine) => [machine.instanceId, machine]));
    for (const instance of instances) {
      const machine = remembered.get(instance.instanceId);
      if (RUNS.has(instance.state)) this.#runs(instance, machine, now);
      else this.#ends(instance.instanceId, machine, now);
      const running = this.#machines.get(instance.instanceId);
      if (running !== undefined) running.use = useOf(machine, observation);
    }
  }

  /** Notes what AWS has accepted. */
  acted(actions: readonly Action[], at: number): void {
    for (const action of actions) {
      if (action.kind !== 'terminate' && action.kind !== 'stop') continue;
      const running = this.#machines.get(action.instanceId);
      if (running !== undefined) running.askedAt = at;
    }
  }

  get bills(): readonly Bill[] {
    return [...this.#machines].map(([machine, { type, seconds, dollarsPerHour }]) => ({
      machine,
      type,
      seconds,
      ...(dollarsPerHour === undefined ? {} : { dollarsPerHour }),
    }));
  }

  #runs(instance: Instance, machine: Machine | undefined, now: number): void {
    const { instanceId, startedAt } = instance;
    const known = this.#machines.get(instanceId);
    const first = Math.max(startedAt ?? now, this.#first ?? now);
    if (known === undefined) {
      const seconds = { working: 0, idle: 0, booting: 0, unknown: 0 };
      const type = machine?.type ?? instance.type ?? 'unknown';
      this.#machines.set(instanceId, {
        ...{ type, seconds, startedAt, seenAt: first, use: 'booting', askedAt: undefined, isRunning: true },
      });
    } else if (!known.isRunning || known.startedAt !== startedAt) {
      // What ran before its start is over, whenever that was.
      if (known.isRunning) end(known, known.askedAt ?? known.seenAt);
      Object.assign(known, {
        startedAt,
        seenAt: Math.max(first, known.seenAt),
        use: 'booting',
        isRunning: true,
      });
    }
    const running = this.#machines.get(instanceId);
    if (running === undefined) return;
    count(running, now);
    running.askedAt = undefined;
    if (machine?.dollarsPerHour !== undefined) running.dollarsPerHour = machine.dollarsPerHour;
  }

  #ends(instanceId: string, machine: Machine | undefined, now: number): void {
    const running = this.#machines.get(instanceId);
    if (running?.isRunning !== true) return;
    end(running, Math.min(running.askedAt ?? machine?.goingDownSince ?? running.seenAt, now));
  }
}

function count(running: Running, until: number): void {
  running.seconds[running.use] += Math.max(0, until - running.seenAt);
  running.seenAt = Math.max(running.seenAt, until);
}

function end(running: Running, at: number): void {
  count(running, at);
  running.isRunning = false;
  running.askedAt = undefined;
}

/** What a machine does at a look. */
export function useOf(machine: Machine | undefined, observation: Observation): Use {
  const { queue } = observation;
  if (machine === undefined) return 'unknown';
  if (machine.phase === 'booting') return 'booting';
  if (!queue.trusted) return 'unknown';
  return hasSteps(machine, queue, observation) ? 'working' : 'idle';
}

function hasSteps(machine: Machine, status: TrustedStatus, observation: Observation): boolean {
  const { currentJobs = 0, busySteps = 0 } =
    dialects[runnerOf(observation)].life.seenIn(status, machine) ?? {};
  return currentJobs + busySteps > 0;
}
