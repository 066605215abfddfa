/**
 * What a machine's life depends on and each kind of queue runner has its own way of: how a machine is known to it, how it
 * is offered, and what its status proves. Pure; each dialect is a room of its own outside the core.
 */
import type { Config } from '../config/config.ts';
import type { MachineType } from '../config/machine-type.ts';
import type {
  Problem,
  Instance,
  Machine,
  Observation,
  QueueMachine,
  RunnerKind,
  Sighting,
  StandingOffer,
  TrustedStatus,
} from '../model/index.ts';
import type { Planned } from './planned.ts';

/** A machine that is offered to the queue runner, with what it can build. */
export interface Offer {
  readonly machine: Machine;
  readonly type: MachineType;
}

/** All that is offered as it was read back, which alone proves that machines are offered and withdrawn. */
export interface VerifiedOffer extends StandingOffer {
  /** Machines of which that could not be verified. Absent where there are none. */
  readonly unproven?: ReadonlySet<string>;
}

/** Where a machine or an instance without a record is. */
export type Whereabouts = Pick<Machine | Instance, 'instanceId' | 'address'>;

/** What was seen, and whether it may be acted on. */
export interface Sight {
  readonly config: Config;
  readonly observation: Observation;
  /** The status, if it may be acted on. */
  readonly status: TrustedStatus | undefined;
}

export interface Dialect {
  readonly kind: RunnerKind;
  /** Whether machines are asked what they prove themselves by, and whether they serve their store. */
  readonly asksMachines: boolean;
  /** Why no machine can be of use to this queue runner as the farm is configured; undefined where they can. */
  lackOfFarm(config: Config): Problem | undefined;
  /**
   * The key the queue status has a machine under; undefined while it can have none. Two machines can have the same, one
   * after the other.
   */
  keyOf(machine: Whereabouts): string | undefined;
  /** What the status shows of a machine, if that is no memory of one that is gone. */
  seenIn(status: TrustedStatus, machine: Whereabouts): QueueMachine | undefined;
  /** Whether the status gives reason to doubt that a ready machine can be used, failures of steps aside. */
  isDoubtful(status: TrustedStatus, planned: Planned): boolean;
  /** What has to be known of a machine before it is offered, and is not: words to follow "it lacks". Undefined where all is. */
  lackOf(machine: Machine): string | undefined;
  /** What all machines of a type prove themselves by; undefined where each has its own. */
  sharedIdentity(type: MachineType): string | undefined;
  /** What stands against offering a machine, whatever it answers: words to follow "it lacks". Undefined where nothing does. */
  objectionTo(sight: Sight, planned: Planned): string | undefined;
  /** What is offered, at most once per machine. */
  offersOf(machines: readonly Planned[]): readonly Offer[];
  /** An offer or a withdrawal of this age, in seconds, is known to any queue runner that heeds ours. */
  readonly noticeSeconds: number;
  /** Whether a trusted status that does not show a withdrawn machine says that the queue runner does not have it. */
  mayBeMissing(machine: Machine, withdrawn: Sighting, status: TrustedStatus): boolean;
  /**
   * Whether nothing can be on its way from a machine without jobs, whatever the queue runner counts as finishing.
   * @param wasAsked whether the machine itself was asked this round, or cannot be.
   */
  isClear(sight: Sight, shown: Shown, wasAsked: boolean): boolean;
  /** Types whose steps wait beside free slots of their own, if only for a moment. */
  besideFreeSlots(sight: Sight, machines: readonly Planned[]): ReadonlySet<string>;
  /** Why the queue runner heeds no offer of ours, with what to do; undefined while it does, or that is unknown. */
  unheeded(sight: Sight, machines: readonly Planned[]): Problem | undefined;
  readonly words: DialectWords;
}

/** A machine with what the status shows of it. */
export interface Shown {
  readonly instanceId: string;
  readonly seen: QueueMachine | undefined;
}

/** How people who know this queue runner say it. */
export interface DialectWords {
  /** Why a machine is ready. */
  readonly usable: string;
  /** What a booting machine waits for before it has been checked: words to follow "waits for". */
  readonly check: string;
  /** The same, once a check has failed; its details follow in brackets. */
  readonly answer: string;
  /** Why a machine is drained that the queue runner cannot use; details follow in brackets. */
  readonly unreachable: string;
  /** What a draining machine waits for: to be withdrawn, and the queue runner to know. */
  readonly withdrawal: string;
  readonly notice: string;
  /** Of a machine that is offered and not shown for longer than it may take. @param seconds since it was offered. */
  readonly notShown: (seconds: number) => string;
  /** What is done about steps that wait beside free slots. */
  readonly nudge: string;
  /** Why nothing may be launched: words to follow "while" or "although". */
  readonly cannotOffer: string;
}
