/** Rules 1, 2 and 4 at the moment a machine of ours is made to end. Ends by AWS and by people are theirs. */
import type { LostStep } from '../hydra/observer.ts';
import type { RegionInstance } from '../region/instance.ts';
import type { ApiCall } from '../region/observers.ts';
import { instanceIdsIn, isOurs, typeOf } from './farm-view.ts';
import type { Watched } from './farm-view.ts';
import { Known } from './known.ts';
import { ROUND_SECONDS } from './orders.ts';
import type { Orders } from './orders.ts';
import type { Violate } from './violations.ts';

/** How an instance came to its last end. */
export interface Ending {
  readonly instance: RegionInstance;
  readonly at: number;
  /** Of the start that ended here. */
  readonly startedAt: number;
  /** It had booted. */
  readonly wasUp: boolean;
  /** Steps at work on it then. */
  readonly steps: number;
  /** It was, or had been, offered since it was started. */
  readonly wasOffered: boolean;
  /** For how long it had been known to be quiet after it was withdrawn, in seconds; undefined for never. */
  readonly knownQuietSeconds: number | undefined;
  /** Nothing could have been built on it any more. */
  readonly isGone: boolean;
  /** Somebody else had it offered again a moment ago, which no look could show yet. */
  readonly isOfferedByOthers: boolean;
  byUs: boolean;
}

/** Two looks this far apart, in seconds, must find a machine quiet; the clocks that say so count whole seconds. */
const QUIET_SECONDS = 29;
/** Paid time that a drained machine may leave unused: one tick and the lateness of another. */
const UNUSED_SECONDS = 660;

export class Endings {
  /** Instances that were asked to terminate, and were. */
  terminations = 0;
  readonly #world: Watched;
  readonly #orders: Orders;
  readonly #violate: Violate;
  /** What the answers of the Hydra host have let the function know. */
  readonly known: Known;
  /** The last end of the instance at an address. */
  readonly #byAddress = new Map<string, Ending>();
  readonly #byInstance = new Map<string, Ending>();
  /** Since when an instance is up; the region forgets it as soon as the instance begins to end. */
  readonly #upSince = new Map<string, number>();
  /** Instances that lived through trouble: what becomes of their paid time is not judged. */
  readonly #tried = new Set<string>();

  constructor(world: Watched, orders: Orders, violate: Violate) {
    this.#world = world;
    this.known = new Known(world);
    this.#orders = orders;
    this.#violate = violate;
  }

  /** Every live instance goes through trouble now. */
  trouble(alive: readonly RegionInstance[]): void {
    for (const { instanceId } of alive) this.#tried.add(instanceId);
  }

  /** Called when an instance begins to end, before its builder dies. One that had stopped already ended then. */
  ends(instance: RegionInstance): void {
    const { ledger, offers, timeline } = this.#world;
    const { instanceId, startedAt } = instance;
    if (this.#byInstance.get(instanceId)?.startedAt === startedAt) return;
    const since = this.#upSince.get(instanceId) ?? Infinity;
    const steps = ledger.at(instance.address).filter((build) => ledger.startOf(build) >= since).length;
    const ending = {
      instance,
      at: timeline.now,
      startedAt,
      wasUp: since < Infinity,
      steps,
      wasOffered: this.known.wasOffered(instance),
      knownQuietSeconds: this.known.quietSeconds(instance),
      isGone: offers.isGone(instance),
      isOfferedByOthers: this.known.isOfferedByOthers(instanceId),
      byUs: false,
    };
    this.#byAddress.set(instance.address, ending);
    this.#byInstance.set(instanceId, ending);
    this.known.ended(instance);
    this.#upSince.delete(instanceId);
  }

  /** An instance has just booted. */
  booted({ instanceId }: RegionInstance): void {
    this.#upSince.set(instanceId, this.#world.timeline.now);
  }

  /** Whether a step was lost because we ended its machine. */
  endedByUs({ machine, address }: Pick<LostStep, 'machine' | 'address'>): boolean {
    const instance = this.#world.region.instances.find(machine);
    return instance === undefined ? this.#isEndedAt(address) : this.#isEnded(instance);
  }

  /** Where the queue runner knows a machine by its instance. */
  #isEnded({ instanceId, startedAt, interrupted }: RegionInstance): boolean {
    const ending = this.#byInstance.get(instanceId);
    if (ending?.byUs !== true || !ending.wasUp || ending.isGone || ending.isOfferedByOthers) return false;
    return ending.startedAt === startedAt && !interrupted;
  }

  /** Whether a connection to this address broke, or could not be made, because we ended the machine there. */
  #isEndedAt(address: string): boolean {
    const ending = this.#byAddress.get(address);
    // What ended before it was up took no build with it that its absence would not have cost.
    if (ending?.byUs !== true || !ending.wasUp || ending.isOfferedByOthers) return false;
    const successor = this.#world.region.instances.all.find(
      (other) => other.address === address && other.state === 'running' && (other.bootedAt ?? 0) >= ending.at,
    );
    return successor === undefined && !ending.instance.interrupted;
  }

  /** A call that succeeded: what it ended is our doing. Returns what it ended. */
  called({ action, input }: ApiCall, pastLeftOf: (instance: RegionInstance) => number): readonly Ending[] {
    const isTerminate = action === 'TerminateInstances';
    if (!isTerminate && action !== 'StopInstances') return [];
    const ended: Ending[] = [];
    for (const id of instanceIdsIn(input)) {
      if (isTerminate) this.terminations += 1;
      const ending = this.#byInstance.get(id);
      if (ending?.at !== this.#world.timeline.now || ending.byUs) continue;
      ending.byUs = true;
      ended.push(ending);
      this.#judge(ending, pastLeftOf(ending.instance));
    }
    return ended;
  }

  #judge(ending: Ending, paidSecondsLeft: number): void {
    const { instance, steps, wasOffered, knownQuietSeconds, isGone, isOfferedByOthers } = ending;
    const { instanceId, interrupted } = instance;
    if (!isOurs(instance, this.#world)) this.#violate(5, `${instanceId} was ended and is not ours`);
    if (interrupted || isGone) return;
    if (steps > 0 && !isOfferedByOthers)
      this.#violate(2, `${instanceId} was ended with ${steps} steps at work on it`);
    if (this.known.listens && wasOffered && (knownQuietSeconds ?? 0) < QUIET_SECONDS) {
      const known = knownQuietSeconds === undefined ? 'never' : `for ${Math.round(knownQuietSeconds)} s`;
      this.#violate(1, `${instanceId} was ended although it was ${known} known to be withdrawn and quiet`);
    }
    this.#judgePaidTime(instance, wasOffered, paidSecondsLeft);
  }

  #judgePaidTime(instance: RegionInstance, wasOffered: boolean, paidSecondsLeft: number): void {
    const { config, timeline } = this.#world;
    const type = typeOf(instance, config);
    const isSteady =
      this.#world.configsSince(timeline.now - 86_400).length === 1 && !this.#tried.has(instance.instanceId);
    if (this.#orders.mayHold('drain', instance.instanceId, ROUND_SECONDS)) return;
    if (!wasOffered || !isSteady || type?.billing !== 'hourly' || type.stopOnIdle) return;
    if (paidSecondsLeft > UNUSED_SECONDS)
      this.#violate(4, `${instance.instanceId} was ended with ${Math.round(paidSecondsLeft)} s paid for`);
  }
}
