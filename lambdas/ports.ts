/**
 * What the reconcile loop needs from outside, in domain words. Each port has one adapter that speaks to AWS
 * (`aws/`, `hydra/`) and one that speaks to the simulated world (`local/`); one contract suite runs on both.
 */
import type {
  EpochSeconds,
  Farm,
  FarmState,
  Floor,
  Launch,
  Machine,
  Order,
  OrderSubject,
  Price,
  Prices,
  Problem,
} from './core/model/index.ts';
import type { Builders, Dialects, HydraHost } from './hydra/dialect.ts';
import type { Watched } from './core/plan/watched.ts';
import type { Result } from './core/reason/result.ts';
import type { MachineFleet } from './fleet.ts';
import type { Journal } from './reporting.ts';

/** The right to act. Every write carries its fence; a higher fence has taken over. */
export interface Lease {
  readonly holder: string;
  readonly fence: number;
  readonly until: EpochSeconds;
}

/**
 * What became of a knock: `gone`, the lease is no longer held and nothing was marked; `first`, heard, and the caller is
 * the first that would wait; `heard` otherwise.
 */
export type Knock = 'first' | 'heard' | 'gone';

/** Another invocation has taken over: stop at once, change nothing more. */
export class LeaseLostError extends Error {
  override readonly name = 'LeaseLostError';
}

/** Single records could not be written or closed; all others were. */
export class UnsavedError extends Error {
  override readonly name = 'UnsavedError';
  /** Which ones: instance ids, launch ids, or `farm`. Never act on an intent that is named here. */
  readonly unsaved: readonly string[];

  constructor(message: string, unsaved: readonly string[], cause?: unknown) {
    super(message, { cause });
    this.unsaved = unsaved;
  }
}

/** What one round changes in the store. An id that is both written and closed ends up closed. */
export interface StateChanges {
  readonly farm?: Farm;
  readonly prices?: Prices;
  readonly machines: readonly Machine[];
  readonly closedMachines: readonly string[];
  readonly launches: readonly Launch[];
  readonly closedLaunches: readonly string[];
}

export interface StateStore {
  /**
   * Takes the lease if it is free or has run out at `now`. Otherwise returns its holder.
   * `holder` must be new for every invocation, also for two that one event woke: a lease that already bears it is taken
   * for our own whose answer got lost.
   */
  acquire(
    holder: string,
    now: EpochSeconds,
    seconds: number,
  ): Promise<{ readonly lease: Lease } | { readonly heldBy: Lease }>;
  /** Prolongs the lease. @throws LeaseLostError when it is no longer ours. */
  renew(lease: Lease, now: EpochSeconds, seconds: number): Promise<Lease>;
  /**
   * Asks the holder of `held` for one more round, which sees all that was recorded before the knock.
   * @param waiter what would wait for the lease, in case its holder is dead: of many the first is enough. Absent where
   * none would.
   */
  knock(held: Lease, waiter?: string): Promise<Knock>;
  /**
   * Gives the lease back, unless there was a knock since it was taken or since this was last asked: then it is kept
   * and owes another round. Does nothing when it is no longer ours, and says `released`.
   */
  release(lease: Lease): Promise<'released' | 'knocked'>;
  /** Gives the lease back, knock or no knock: there is no time left. Does nothing when it is no longer ours. */
  abandon(lease: Lease): Promise<void>;
  /**
   * Everything remembered; a consistent read of every page, each list in the order of its ids. Floors and orders
   * whose `until` is reached at `now` are left out. A record that cannot be read is told in `unreadable` and spoils nothing else.
   * @param lease the lease the caller holds, if any. A load that does not show it is known to be wrong.
   * @throws when the store did not say what there is, or what it showed is older than `lease`: never taken for "nothing".
   */
  load(now: EpochSeconds, lease?: Lease): Promise<FarmState>;
  /**
   * Writes all changes, then closes what is to be closed: a tick that dies in between leaves too much rather than too
   * little. When it throws, none of its writes is under way any more.
   * @throws LeaseLostError when a record carries a higher fence; what was not yet sent then never is.
   * @throws UnsavedError when single records failed; it names them, and all others hold.
   */
  save(lease: Lease, changes: StateChanges): Promise<void>;
  /** Whether a machine with this instance id is remembered; a cheap look, for events that may concern strangers. */
  hasMachine(instanceId: string): Promise<boolean>;
  /** Records (replacing the type's former one) or removes a manual floor. Needs no lease: people never wait for a tick. */
  putFloor(floor: Floor): Promise<void>;
  removeFloor(type: string): Promise<void>;
  /** Records an order of a person (replacing the former one about the same subject) or takes it back. Needs no lease either. */
  putOrder(order: Order): Promise<void>;
  removeOrder(subject: OrderSubject): Promise<void>;
}

export interface Clock {
  now(): EpochSeconds;
  sleep(seconds: number): Promise<void>;
}

export interface WatchTerms {
  readonly watched: Watched;
  /** Grows from watch to watch: a later one ends all before it, wherever they still are. */
  readonly turn: number;
  /** How long it waits at most, in seconds. */
  readonly seconds: number;
  /** Until it looks for the first time, in seconds. */
  readonly delaySeconds: number;
}

/** What has become of a watch. */
export interface WatchEnd {
  /** What it found, in words; absent where it found nothing. */
  readonly found?: string;
  /** Why it could not be ended, or asked. */
  readonly problem?: Problem;
}

/** Waits where the queue runner is. It decides nothing, and nothing relies on it: where it fails, the clock goes on. */
export interface HostWatch {
  /** Leaves one there, and gives its id. Never throws. */
  leave(terms: WatchTerms): Promise<Result<string>>;
  /** Ends it, if it is still there. Never throws; that it cannot be ended harms nobody. */
  end(id: string): Promise<WatchEnd>;
}

/** AWS's price lists. What people are told of money comes from here, and nothing is decided by it. */
export interface PriceSource {
  /**
   * Linux on demand and on spot, in the region of the farm. Never throws, and takes no longer than `seconds`: what could
   * not be had is missing, with the problem.
   */
  ask(
    instanceTypes: readonly string[],
    seconds: number,
  ): Promise<{ readonly prices: readonly Price[]; readonly problem?: Problem }>;
}

/** What a tick works with. */
export interface Ports {
  readonly dialects: Dialects;
  readonly builders: Builders;
  readonly host: HydraHost;
  /** Absent where nobody watches between ticks. */
  readonly watch?: HostWatch;
  readonly fleet: MachineFleet;
  readonly store: StateStore;
  readonly clock: Clock;
  /** Absent where none is kept. */
  readonly journal?: Journal;
  /** Absent where nobody asks for prices. */
  readonly prices?: PriceSource;
}

export type { FleetView, FoundMachines, FoundTemplates, MachineFleet } from './fleet.ts';
export { OfferError } from './hydra/dialect.ts';
export type {
  Builders,
  Candidate,
  Dialects,
  HostQuestions,
  HostView,
  HydraDialect,
  HydraHost,
  Identities,
  StoreUses,
  Wanted,
} from './hydra/dialect.ts';
export type { Journal, JournalItem, Reporter } from './reporting.ts';
export type { InstanceResult, LaunchResult, Refusal, RefusalKind } from './core/model/refusal.ts';
