/** Launching: as many instances of one plan as there is room for, and RunInstances on top of it. */
import type { Timeline } from '../timeline.ts';
import type { Random } from '../random.ts';
import { insufficientCapacity, quotaExceeded } from './capacity.ts';
import type { Delays } from './delays.ts';
import { invalidValue, type RegionError } from './errors.ts';
import { ClientTokens, checkRepeat } from './idempotency.ts';
import type { Ids } from './ids.ts';
import type { RegionInstance } from './instance.ts';
import type { Instances } from './instances.ts';
import type { LaunchParameters, Tags } from './launch-parameters.ts';
import type { TypeRequirements } from './instance-choice.ts';
import {
  mergeWithTemplate,
  planChoice,
  planLaunch,
  type LaunchPlan,
  type MergedLaunch,
  type PlanParts,
} from './launch-plan.ts';
import type { LaunchTemplateReference } from './launch-templates.ts';
import { makeInstance } from './make-instance.ts';
import type { Lifecycle } from './lifecycle.ts';
import { insufficientAddresses } from './network.ts';
import type { Placed } from './selector.ts';
import { vcpuQuota } from './settings.ts';
import type { Spot } from './spot.ts';

export interface RunRequest {
  readonly parameters: LaunchParameters;
  readonly template?: LaunchTemplateReference | undefined;
  readonly minCount: number;
  readonly maxCount: number;
  readonly clientToken?: string | undefined;
}

export interface Reservation {
  readonly reservationId: string;
  readonly instances: readonly RegionInstance[];
}

export interface LauncherParts extends PlanParts {
  readonly timeline: Timeline;
  readonly random: Random;
  readonly ids: Ids;
  readonly instances: Instances;
  readonly lifecycle: Lifecycle;
  readonly spot: Spot;
  readonly delays: Delays;
}

/** This many instances of one plan. */
export interface Share {
  readonly plan: LaunchPlan;
  readonly count: number;
}

/** How many still fit, and why no more. */
interface Room {
  readonly machines: number;
  readonly refusal: RegionError;
}

export class Launcher {
  readonly #parts: LauncherParts;
  readonly #tokens = new ClientTokens<Reservation>();

  constructor(parts: LauncherParts) {
    this.#parts = parts;
  }

  /**
   * RunInstances: between `minCount` and `maxCount` instances of one kind, or none and a refusal.
   * @throws RegionError
   */
  run(request: RunRequest): Reservation {
    const { clientToken, ...content } = request;
    const merged = this.merge(request.template, request.parameters);
    const scope = this.#tokenScope(merged.parameters);
    const earlier = this.#tokens.recall(scope, clientToken, content);
    if (earlier !== undefined) {
      checkRepeat(earlier.instances, this.#parts.settings);
      return earlier;
    }
    checkCounts(request.minCount, request.maxCount);
    const plan = this.plan(merged);
    const room = this.room(plan);
    if (room.machines < request.minCount) throw room.refusal;
    const reservation = this.place(plan, Math.min(request.maxCount, room.machines), { clientToken });
    this.#tokens.remember(scope, clientToken, content, reservation);
    return reservation;
  }

  merge(template: LaunchTemplateReference | undefined, parameters: LaunchParameters): MergedLaunch {
    return mergeWithTemplate(this.#parts.templates, template, parameters);
  }

  plan(merged: MergedLaunch): LaunchPlan {
    return planLaunch(this.#parts, merged);
  }

  /** One plan, or one for each instance type that meets the requirements. */
  plans(merged: MergedLaunch, requirements: TypeRequirements | undefined): readonly LaunchPlan[] {
    return requirements === undefined ? [this.plan(merged)] : planChoice(this.#parts, merged, requirements);
  }

  /**
   * How many instances of the plan fit now: hardware, quota and addresses, whichever is least.
   * `reserved` are shares of the same request that are not placed yet. @param tags what they bear beside the plan's.
   */
  room(plan: LaunchPlan, reserved: readonly Share[] = [], tags: Tags = {}): Room {
    const { capacity, instances, network } = this.#parts;
    const quota = vcpuQuota(this.#parts.settings, plan.market);
    const inPool = sum(
      reserved.filter((share) => isSamePool(share.plan, plan)),
      ({ count }) => count,
    );
    const inSubnet = sum(
      reserved.filter((share) => share.plan.subnet === plan.subnet),
      ({ count }) => count,
    );
    const vcpus = sum(
      reserved.filter((share) => share.plan.market === plan.market),
      (share) => share.count * share.plan.type.vcpus,
    );
    const quotaLeft = Math.floor((quota - instances.placedVcpus(plan.market) - vcpus) / plan.type.vcpus);
    const limits: readonly Room[] = [
      {
        machines: capacity.room(placeIn(plan, tags), instances.placedIn(plan.pool) + inPool),
        refusal: insufficientCapacity(plan.pool),
      },
      { machines: Math.max(0, quotaLeft), refusal: quotaExceeded(plan.market, quota) },
      {
        machines: network.freeAddresses(plan.subnet.subnetId) - inSubnet,
        refusal: insufficientAddresses(plan.subnet.subnetId),
      },
    ];
    return limits.reduce((least, limit) => (limit.machines < least.machines ? limit : least));
  }

  /** Makes the instances of one plan; there must be room. */
  place(
    plan: LaunchPlan,
    count: number,
    origin: { readonly clientToken?: string | undefined; readonly tags?: Tags },
  ): Reservation {
    const { ids, timeline, random, settings, lifecycle, spot, delays } = this.#parts;
    const reservationId = ids.resource('r');
    const { now } = timeline;
    const instances = Array.from({ length: count }, (_, launchIndex) => {
      const usual = random.between(...settings.hiddenSeconds);
      const visibleAt = now + (delays.secondsOf('hidden', placeIn(plan, origin.tags)) ?? usual);
      const { clientToken } = origin;
      const instance = makeInstance(this.#parts, plan, {
        reservationId,
        launchIndex,
        clientToken,
        now,
        visibleAt,
      });
      instance.tags = { ...instance.tags, ...origin.tags };
      instance.bornTags = instance.tags;
      this.#parts.instances.add(instance);
      if (instance.spotRequestId !== undefined) spot.open(instance.spotRequestId, instance);
      lifecycle.begin(instance);
      return instance;
    });
    return { reservationId, instances };
  }

  /** A token counts in one zone when the launch is bound to it, else in the region. */
  #tokenScope({ subnetId, zone }: LaunchParameters): string {
    return (subnetId === undefined ? zone : this.#parts.network.find(subnetId)?.zone) ?? 'region';
  }
}

/** What machines of a plan will be told apart by. */
export const placeIn = ({ pool, subnet, parameters }: LaunchPlan, tags: Tags = {}): Placed => ({
  ...pool,
  subnet: subnet.subnetId,
  tags: { ...parameters.tags?.['instance'], ...tags },
});

const sum = <T>(items: readonly T[], amount: (item: T) => number): number =>
  items.reduce((total, item) => total + amount(item), 0);

const isSamePool = (a: LaunchPlan, b: LaunchPlan): boolean =>
  a.pool.instanceType === b.pool.instanceType &&
  a.pool.zone === b.pool.zone &&
  a.pool.market === b.pool.market;

function checkCounts(minCount: number, maxCount: number): void {
  if (minCount < 1) throw invalidValue('minCount', minCount, 'It must be at least 1.');
  if (maxCount < minCount) throw invalidValue('maxCount', maxCount, 'It must be at least minCount.');
}
