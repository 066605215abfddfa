/** Spot: one-time requests, prices, interruptions. Persistent requests are not simulated. */
import type { EpochSeconds } from '../../../lambdas/core/model/index.ts';
import type { Random } from '../random.ts';
import type { Timeline } from '../timeline.ts';
import { RegionError } from './errors.ts';
import type { Events } from './events.ts';
import type { Ids } from './ids.ts';
import type { RegionInstance, StateReason } from './instance.ts';
import type { InstanceTypeFacts } from './instance-types.ts';
import type { Tags } from './launch-parameters.ts';
import type { Instances } from './instances.ts';
import type { Lifecycle } from './lifecycle.ts';
import type { Observers } from './observers.ts';
import type { RegionSettings } from './settings.ts';

export interface SpotRequest {
  readonly id: string;
  readonly instance: RegionInstance;
  readonly createdAt: EpochSeconds;
  readonly state: 'active' | 'cancelled' | 'closed';
  readonly statusCode: string;
  readonly statusAt: EpochSeconds;
  readonly priceMax?: number | undefined;
  readonly tags: Tags;
}

export interface SpotParts {
  readonly timeline: Timeline;
  readonly random: Random;
  readonly ids: Ids;
  readonly settings: RegionSettings;
  readonly instances: Instances;
  readonly lifecycle: Lifecycle;
  readonly events: Events;
  readonly observers: Observers;
}

const SPOT_TERMINATION: StateReason = {
  code: 'Server.SpotInstanceTermination',
  message: 'Server.SpotInstanceTermination: Spot instance termination',
};
const HOUR_SECONDS = 3600;

export class Spot {
  readonly #parts: SpotParts;
  readonly #requests = new Map<string, SpotRequest>();

  constructor(parts: SpotParts) {
    this.#parts = parts;
    parts.observers.add({
      state: (instance, state) => {
        if (instance.market !== 'spot') return;
        if (state === 'running') this.#drawInterruption(instance.instanceId);
        if (state === 'terminated') this.#close(instance);
      },
    });
  }

  get requests(): readonly SpotRequest[] {
    return [...this.#requests.values()];
  }

  /** Dollars an hour; it does not move. */
  price(type: InstanceTypeFacts): number {
    return type.dollarsPerHour * this.#parts.settings.spotPriceRatio;
  }

  open(id: string, instance: RegionInstance): void {
    const { now } = this.#parts.timeline;
    this.#requests.set(id, {
      id,
      instance,
      createdAt: now,
      state: 'active',
      statusCode: 'fulfilled',
      statusAt: now,
      priceMax: instance.parameters.spotPriceMax,
      tags: instance.parameters.tags?.['spot-instances-request'] ?? {},
    });
  }

  /** The instance runs on. @throws RegionError `InvalidSpotInstanceRequestID.NotFound` */
  cancel(ids: readonly string[]): readonly SpotRequest[] {
    const unknown = ids.find((id) => !this.#requests.has(id));
    if (unknown !== undefined) {
      throw new RegionError(
        'InvalidSpotInstanceRequestID.NotFound',
        `The spot instance request ID '${unknown}' does not exist`,
      );
    }
    for (const id of ids) {
      const request = this.#requests.get(id);
      if (request?.state === 'active')
        this.#set(request, 'cancelled', 'request-canceled-and-instance-running');
    }
    return ids.flatMap((id) => this.#requests.get(id) ?? []);
  }

  /** AWS takes the instance: a warning now, its end `warningSeconds` later. A warning may also fail to come (0).
   * @throws RangeError for what is not a spot instance */
  interrupt(instanceId: string, warningSeconds = this.#parts.settings.spotWarningSeconds): void {
    const { timeline, lifecycle, events, instances } = this.#parts;
    const instance = instances.forChange(instanceId);
    if (instance?.market !== 'spot') throw new RangeError(`${instanceId} is not a spot instance`);
    if (warningSeconds > 0) {
      instance.interrupted = true;
      this.#mark(instance, 'marked-for-termination');
      events.interruptionWarning(instance);
    }
    timeline.after(warningSeconds, () => lifecycle.terminate(instance, SPOT_TERMINATION));
  }

  /** Tells that an interruption has become more likely, without saying when or whether it comes. */
  recommendRebalance(instanceId: string): void {
    const instance = this.#parts.instances.find(instanceId);
    if (instance !== undefined) this.#parts.events.rebalanceRecommendation(instance);
  }

  #drawInterruption(instanceId: string): void {
    const { random, settings, timeline, instances } = this.#parts;
    if (settings.spotInterruptionsPerHour <= 0) return;
    const seconds = (-Math.log(1 - random.next()) * HOUR_SECONDS) / settings.spotInterruptionsPerHour;
    timeline.after(seconds, () => {
      const instance = instances.find(instanceId);
      if (instance?.state === 'running' && !instance.interrupted) this.interrupt(instanceId);
    });
  }

  #close(instance: RegionInstance): void {
    const byAws = instance.stateReason?.code === SPOT_TERMINATION.code;
    const request = this.#requests.get(instance.spotRequestId ?? '');
    if (request === undefined) return;
    this.#set(request, 'closed', byAws ? 'instance-terminated-no-capacity' : 'instance-terminated-by-user');
    const { timeline, settings } = this.#parts;
    timeline.after(settings.terminatedVisibleSeconds, () => this.#requests.delete(request.id));
  }

  #mark(instance: RegionInstance, statusCode: string): void {
    const request = this.#requests.get(instance.spotRequestId ?? '');
    if (request !== undefined) this.#set(request, request.state, statusCode);
  }

  #set(request: SpotRequest, state: SpotRequest['state'], statusCode: string): void {
    this.#requests.set(request.id, { ...request, state, statusCode, statusAt: this.#parts.timeline.now });
  }
}
