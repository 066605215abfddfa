/** The vocabulary of the autoscaler: what is remembered, seen and decided. No wire format is known here. */
import type { BackOff } from './back-off.ts';
import type { Instance, KnownTemplate } from './instance.ts';
import type { Machine } from './machine.ts';
import type { MachineHour } from './machine-hours.ts';
import type { Told } from './notices.ts';
import type { Order } from './orders.ts';
import type { QueueStatus, StoreUse } from './queue-status.ts';
import type { Waiting } from './waiting.ts';

export type { BackOff } from './back-off.ts';
export type { Instance, KnownTemplate, StateReason } from './instance.ts';
export type { Billing, Drain, Machine, Phase, Starts } from './machine.ts';
export type { Action, Decision, Listing } from './intents.ts';
export type {
  QueueMachine,
  QueueStatus,
  StepDemand,
  StoreUse,
  TrustedStatus,
  UntrustedStatus,
} from './queue-status.ts';

/** A point in time, in seconds since the Unix epoch. Fractions are allowed. */
export type EpochSeconds = number;

/** How one launch buys capacity. */
export type Market = 'on-demand' | 'spot';

/** One place to launch in: an instance type in a subnet, on a market. Back-offs are kept per pool. */
export interface Pool {
  readonly instanceType: string;
  readonly subnet: string;
  readonly market: Market;
}

/** Proof, on both clocks, that something was seen at one moment. Skewed clocks are compared only with themselves. */
export interface Sighting {
  /** The function's clock. */
  readonly at: EpochSeconds;
  /** The Hydra host's clock. */
  readonly hostAt: EpochSeconds;
}

/** One launch request, saved before it is sent and forgotten when EC2 has answered. Its id is the idempotency token and a tag of every instance. */
export interface Launch {
  readonly id: string;
  readonly type: string;
  /** Machines asked for. */
  readonly count: number;
  readonly pools: readonly Pool[];
  readonly requestedAt: EpochSeconds;
}

/** A manual scale-out: at least `count` machines of `type` until `until`. */
export interface Floor {
  readonly type: string;
  readonly count: number;
  readonly until: EpochSeconds;
  /** When it was given: what rested then is tried again. Absent in records of older versions. */
  readonly at?: EpochSeconds;
  readonly by?: string;
}

/** An instance that bears our tag and is left alone: it is none of ours, or nobody could tell yet. */
export interface Unrecorded {
  readonly instanceId: string;
  /** The machine type it is tagged with; absent where it is with none. */
  readonly type?: string;
}

/** What is remembered of the farm as a whole. One stored item. */
export interface Farm {
  /** The last trusted status, and since when there has been none. */
  readonly lastTrustedAt?: EpochSeconds;
  readonly untrustedSince?: EpochSeconds;
  /** When a type first had work beside a free slot without taking it: the stalled dispatcher's clock. */
  readonly stalledSince?: EpochSeconds;
  readonly lastRepublishedAt?: EpochSeconds;
  readonly backOffs: readonly BackOff[];
  readonly lastTickAt?: EpochSeconds;
  readonly waiting?: readonly Waiting[];
  /** What people were told within the last day. */
  readonly told?: readonly Told[];
  /** What ran within the last day. */
  readonly machineHours?: readonly MachineHour[];
  /** Checksum of the machines file as it was last written and read back, in lower-case hex. */
  readonly publishedSha256?: string;
  /** How often in a row, and since when, the machines file could not be published; absent when it could. */
  readonly unpublished?: { readonly times: number; readonly since: EpochSeconds; readonly reason: string };
  /** Whether this farm has ever written its machines file. Absent in records of older versions, see `hasWrittenFile`. */
  readonly wroteFile?: boolean;
  /** Builds the queue runner knew at the last look: a queue that grows from look to look is still being loaded. */
  readonly buildsQueued?: number;
  /** Instances that were seen to bear our tag and have no record: they count against the caps, also while EC2 does not show them. */
  readonly unrecorded?: readonly Unrecorded[];
  /** Launch templates that types have, or had when they were configured: machines from them are ours. */
  readonly templates?: readonly KnownTemplate[];
}

/** A stored record that cannot be read. It stays as it is until it is written anew, or a person removes it. */
export interface UnreadableRecord {
  /** Its key in the store. */
  readonly key: string;
  /** Set on a machine's record: that machine is no orphan. Leave it alone and count it. */
  readonly instanceId?: string;
  /** What is wrong with it, field by field. */
  readonly problem: string;
}

/** Everything remembered, as one consistent read. */
export interface FarmState {
  readonly farm: Farm;
  readonly machines: readonly Machine[];
  readonly launches: readonly Launch[];
  readonly floors: readonly Floor[];
  /** What people have ordered and is still in force. Absent when there is nothing. */
  readonly orders?: readonly Order[];
  /**
   * Set where the store showed nothing at all, not even the lease of a first tick: the farm is new, or the answer is wrong.
   * Nothing may be concluded from what is missing then.
   */
  readonly isBlank?: true;
  /** Absent when every record could be read. */
  readonly unreadable?: readonly UnreadableRecord[];
}

/** The machines file that lies on the host now. */
export interface PublishedFile {
  /** Lower-case hex. */
  readonly sha256: string;
  readonly seen: Sighting;
}

/** What a machine answered when the Hydra host tried to reach its Nix store. */
export interface ProbeResult {
  readonly instanceId: string;
  readonly reached: boolean;
  /** Why not, in the tool's words; empty when reached. */
  readonly detail: string;
}

/** Everything seen in one round. */
export interface Observation {
  readonly now: EpochSeconds;
  readonly state: FarmState;
  readonly instances: readonly Instance[];
  readonly queue: QueueStatus;
  /** Absent when the host could not be asked or has no file. */
  readonly file?: PublishedFile;
  /** Why our machines file cannot be put in place, whatever is tried, until a person changes something there. */
  readonly unpublishable?: string;
  readonly probes: readonly ProbeResult[];
  /** Public host keys learnt this round, by instance id. */
  readonly hostKeys: ReadonlyMap<string, string>;
  /** What machines lack that must not be offered, whatever they answer, in words, by instance id. Absent where there are none. */
  readonly objections?: ReadonlyMap<string, string>;
  /** What machines, asked themselves, do with their store connections. Absence means unknown, not idle. */
  readonly storeUse: ReadonlyMap<string, StoreUse>;
  /** The launch templates of the configured types, as EC2 shows them. Absent where nobody needed to ask, or EC2 could not be asked. */
  readonly templates?: readonly KnownTemplate[];
  /** Remembered machines that EC2, asked for them by id, says it does not know. One that is only not shown is not in here. */
  readonly denied: ReadonlySet<string>;
  /** Questions beside the main ones that failed, each with the call, AWS's code and message: what they would have told is unknown. */
  readonly problems: readonly string[];
}
