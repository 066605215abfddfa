/** Rules 1, 2 and 4 at the moment a machine of ours is made to end. Ends by AWS and by people are theirs. */
import type { RegionInstance } from '../region/instance.ts';
import type { ApiCall } from '../region/observers.ts';
import { isOurs, keyOf, typeOf, workingLines } from './farm-view.ts';
import type { Watched } from './farm-view.ts';
import type { Violate } from './violations.ts';

/** How an instance came to its last end. */
export interface Ending {
  readonly instance: RegionInstance;
  readonly at: number;
  /** Steps at work on it then. */
  readonly steps: number;
  readonly wasAtWork: boolean;
  byUs: boolean;
}

/** A round looks, plans and acts within a minute or two; what was seen before that is no ground to act on. */
const KNOWLEDGE_SECONDS = 180;
/** Paid time that a drained machine may leave unused: one tick and the lateness of another. */
const UNUSED_SECONDS = 660;

export class Endings {
  /** Instances that were asked to terminate, and were. */
  terminations = 0;
  readonly #world: Watched;
  readonly #violate: Violate;
  /** The last end of whoever was at an address. */
  readonly #byAddress = new Map<string, Ending>();
  readonly #byInstance = new Map<string, Ending>();
  /** Instances that were listed, this time round. */
  readonly #listed = new Set<string>();
  /** When the Hydra host last truthfully told the autoscaler of a running, settled queue runner. */
  #knewAt: number;
  /** Instances that lived through trouble: what becomes of their paid time is not judged. */
  readonly #tried = new Set<string>();

  constructor(world: Watched, violate: Violate) {
    this.#world = world;
    this.#violate = violate;
    this.#knewAt = world.timeline.now;
  }

  /** The autoscaler has just heard the truth about a running queue runner. Unless somebody says so, it always has. */
  told(): void {
    this.#knewAt = this.#world.timeline.now;
  }

  /** Everybody alive goes through trouble now. */
  trouble(alive: readonly RegionInstance[]): void {
    for (const { instanceId } of alive) this.#tried.add(instanceId);
  }

  /** Called when an instance begins to end, before its builder dies. */
  ends(instance: RegionInstance): void {
    const { ledger, timeline } = this.#world;
    const since = instance.bootedAt ?? Infinity;
    const steps = ledger.at(instance.address).filter((build) => ledger.startOf(build) >= since).length;
    const wasAtWork = this.#listed.has(instance.instanceId);
    const ending = { instance, at: timeline.now, steps, wasAtWork, byUs: false };
    this.#byAddress.set(instance.address, ending);
    this.#byInstance.set(instance.instanceId, ending);
    this.#listed.delete(instance.instanceId);
  }

  /** The machines file has changed. */
  fileChanged(text: string): void {
    const keys = new Set(workingLines(text).map(({ hostKey }) => hostKey));
    for (const instance of this.#world.region.instances.all) {
      if (keys.has(keyOf(instance))) this.#listed.add(instance.instanceId);
    }
  }

  /** Whether a connection to this address broke, or could not be made, because we ended the machine there. */
  endedByUs(address: string): boolean {
    const ending = this.#byAddress.get(address);
    if (ending?.byUs !== true) return false;
    const successor = this.#world.region.instances.all.find(
      (other) => other.address === address && other.state === 'running' && (other.bootedAt ?? 0) >= ending.at,
    );
    return successor === undefined && !ending.instance.interrupted;
  }

  /** A call that succeeded: what it ended is our doing. */
  called({ action, input }: ApiCall, pastLeftOf: (instance: RegionInstance) => number): void {
    const isTerminate = action === 'TerminateInstances';
    if (!isTerminate && action !== 'StopInstances') return;
    const ids: unknown =
      typeof input === 'object' && input !== null && 'InstanceIds' in input ? input.InstanceIds : [];
    for (const id of Array.isArray(ids) ? ids.map(String) : []) {
      if (isTerminate) this.terminations += 1;
      const ending = this.#byInstance.get(id);
      if (ending?.at !== this.#world.timeline.now || ending.byUs) continue;
      ending.byUs = true;
      this.#judge(ending, pastLeftOf(ending.instance));
    }
  }

  #judge({ instance, steps, wasAtWork }: Ending, paidSecondsLeft: number): void {
    const { timeline, config } = this.#world;
    const { instanceId, interrupted } = instance;
    if (!isOurs(instance, config)) this.#violate(5, `${instanceId} was ended and is not ours`);
    if (interrupted) return;
    if (steps > 0) this.#violate(2, `${instanceId} was ended with ${steps} steps at work on it`);
    const ignorant = timeline.now - this.#knewAt;
    if (wasAtWork && ignorant > KNOWLEDGE_SECONDS)
      this.#violate(1, `${instanceId} was ended ${Math.round(ignorant)} s after anything was known`);
    this.#judgePaidTime(instance, wasAtWork, paidSecondsLeft);
  }

  #judgePaidTime(instance: RegionInstance, wasAtWork: boolean, paidSecondsLeft: number): void {
    const { config, timeline } = this.#world;
    const type = typeOf(instance, config);
    const isSteady =
      this.#world.configsSince(timeline.now - 86_400).length === 1 && !this.#tried.has(instance.instanceId);
    if (!wasAtWork || !isSteady || type?.billing !== 'hourly' || type.stopOnIdle) return;
    if (paidSecondsLeft > UNUSED_SECONDS)
      this.#violate(4, `${instance.instanceId} was ended with ${Math.round(paidSecondsLeft)} s paid for`);
  }
}
