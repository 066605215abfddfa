/** What of the time that machines were paid for was of no use lately, told from the journal of the ticks. */
import { hourEnd, paidSecondsLeft } from '../capacity/billing.ts';
import type { Config } from '../config/config.ts';
import type { MachineType } from '../config/machine-type.ts';
import type {
  EpochSeconds,
  Instance,
  JournalRound,
  Machine,
  Observation,
  TickEntry,
  TrustedStatus,
} from '../model/index.ts';
import { pauseOf } from '../orders.ts';
import { QUIET_SECONDS } from '../life/drain.ts';

/** Seconds by instance type, by machine type. */
export type SecondsByType = ReadonlyMap<string, ReadonlyMap<string, number>>;

export interface UnusedTime {
  /** When machines stood idle beyond their grace period, only because their hour was paid. */
  readonly idle: SecondsByType;
  /** What was left of whole hours, each start buying them, when machines were ended. */
  readonly thrownAway: SecondsByType;
  /** The first tick that was read; absent when there was none. */
  readonly since?: EpochSeconds;
  /** False when some ticks do not tell what they saw, or were not read: then the times may be longer. */
  readonly isComplete: boolean;
}

/** No look explains more than as many schedule periods before it: an outage is nobody's billing. */
const EXPLAINED_PERIODS = 2;
const UNKNOWN_TYPE = 'of unknown type';

/** One look, and the one before it that could have ended a machine, if there was one. */
interface Look {
  readonly observation: Observation;
  readonly status: TrustedStatus;
  readonly before: EpochSeconds;
}

/** Adds up the entries of a journal one by one, oldest first: a large farm's day would fill the function's memory. */
export class UnusedTimeTally {
  readonly #config: Config;
  readonly #types: ReadonlyMap<string, MachineType>;
  readonly #idle = new Map<string, Map<string, number>>();
  readonly #thrownAway = new Map<string, Map<string, number>>();
  /** Starts of instances whose end was counted: an ending may be sent twice. */
  readonly #ended = new Set<string>();
  #instances: ReadonlyMap<string, Instance> = new Map();
  #lookedAt: EpochSeconds | undefined;
  #since: EpochSeconds | undefined;
  #isComplete = true;

  constructor(config: Config) {
    this.#config = config;
    this.#types = new Map(config.machineTypes.map((type) => [type.key, type]));
  }

  get result(): UnusedTime {
    return {
      idle: this.#idle,
      thrownAway: this.#thrownAway,
      ...(this.#since === undefined ? {} : { since: this.#since }),
      isComplete: this.#isComplete,
    };
  }

  add({ at, rounds, leftOut }: TickEntry): void {
    this.#since ??= at;
    const isBlind = rounds.every(({ observation }) => observation === undefined);
    if (isBlind && rounds.length + leftOut > 0) this.addUnread();
    for (const round of rounds) this.#addRound(round);
  }

  /** Entries that cannot be, or were not, read. */
  addUnread(): void {
    this.#isComplete = false;
  }

  #addRound({ at, observation, actions, done }: JournalRound): void {
    if (observation !== undefined) {
      const { queue, instances } = observation;
      this.#instances = new Map(instances.map((instance) => [instance.instanceId, instance]));
      if (queue.trusted && this.#lookedAt !== undefined)
        this.#addIdle({ observation, status: queue, before: this.#lookedAt });
      // Whoever saw no queue, or only watched, would have kept the machines under any billing.
      this.#lookedAt = queue.trusted && done !== undefined ? at : undefined;
    }
    for (const action of actions)
      if ((action.kind === 'terminate' || action.kind === 'stop') && (done?.[action.kind] ?? 0) > 0)
        this.#addEnding(this.#instances.get(action.instanceId), at);
  }

  #addEnding(instance: Instance | undefined, at: EpochSeconds): void {
    if (instance === undefined) return this.addUnread();
    const { instanceId, state, type, startedAt } = instance;
    const start = `${instanceId} ${startedAt ?? ''}`;
    if (state !== 'running' || type === undefined || this.#ended.has(start)) return;
    this.#ended.add(start);
    add(this.#thrownAway, type, instance, paidSecondsLeft('hourly', startedAt, at));
  }

  #addIdle(look: Look): void {
    for (const machine of look.observation.state.machines) {
      const instance = this.#instances.get(machine.instanceId);
      const type = this.#types.get(machine.type);
      if (instance !== undefined && type !== undefined)
        add(this.#idle, type.key, instance, this.#idleSeconds(look, machine, instance, type));
    }
  }

  /** How long before this look the machine did nothing, and by the second would have been drained at the look before. */
  #idleSeconds(
    { observation, status, before }: Look,
    machine: Machine,
    instance: Instance,
    type: MachineType,
  ): number {
    const { now, state } = observation;
    const seen = status.machines.get(machine.address ?? '');
    const period = this.#config.schedulePeriodSeconds;
    const graceUntil = (machine.surplusSince ?? Infinity) + type.gracePeriodSeconds;
    const paidBefore = paidSecondsLeft(machine.billing, instance.startedAt, before);
    const isKept = graceUntil <= before && paidBefore > hourEnd(period).endSeconds;
    const isIdle = instance.state === 'running' && seen?.currentJobs === 0;
    if (!isKept || !isIdle || pauseOf(state.orders, type.key) !== undefined) return 0;
    // The two clocks are not compared with each other.
    const idleSince = now - (status.at - (seen.idleSince ?? -Infinity));
    const from = Math.max(before, now - EXPLAINED_PERIODS * period, idleSince, waitsSince(machine));
    return Math.max(0, now - from);
  }
}

/** Since when a machine only waits: the drain itself would be needed under any billing. */
function waitsSince({ phase, drain }: Machine): EpochSeconds {
  if (phase === 'ready') return -Infinity;
  if (phase !== 'draining' || drain?.quiet === undefined || drain.copiedBack === undefined) return Infinity;
  return Math.max(drain.quiet.at + QUIET_SECONDS, drain.copiedBack.at);
}

function add(
  all: Map<string, Map<string, number>>,
  type: string,
  { instanceType = UNKNOWN_TYPE }: Instance,
  seconds: number,
): void {
  if (seconds <= 0) return;
  const ofType = all.get(type) ?? new Map<string, number>();
  all.set(type, ofType.set(instanceType, (ofType.get(instanceType) ?? 0) + seconds));
}
