/** CreateFleet of type `instant`: spread over several pools at once, answered with what was had and what was not. */
import type { Market } from '../../../lambdas/core/model/index.ts';
import { RegionError } from './errors.ts';
import { checkDistinct, checkFleet, inOrder } from './fleet-checks.ts';
import type {
  Fleet,
  FleetLaunch,
  FleetOption,
  FleetRefusal,
  FleetRequest,
  PlannedPool,
} from './fleet-request.ts';
import { ClientTokens, checkRepeat } from './idempotency.ts';
import type { Ids } from './ids.ts';
import { nothingMeets } from './instance-choice.ts';
import type { LaunchPlan } from './launch-plan.ts';
import { placeIn } from './launcher.ts';
import type { Launcher } from './launcher.ts';
import type { Refusals } from './refusals.ts';
import type { RegionSettings } from './settings.ts';

interface FleetShare extends PlannedPool {
  readonly count: number;
}

const CONFIGURATION_PROBLEMS = /^InvalidLaunchTemplate|^InvalidParameterCombination$|^MissingParameter$/;

export interface FleetParts {
  readonly launcher: Launcher;
  readonly ids: Ids;
  readonly settings: RegionSettings;
  readonly refusals: Refusals;
}

export class Fleets {
  readonly #parts: FleetParts;
  readonly #tokens = new ClientTokens<Fleet>();

  constructor(parts: FleetParts) {
    this.#parts = parts;
  }

  /**
   * Launches up to the wanted counts and says for each pool that fell short why: even "nothing at all" is an answer.
   * @throws RegionError for a request that makes no sense in any pool
   */
  create(request: FleetRequest): Fleet {
    const { clientToken, ...content } = request;
    const earlier = this.#tokens.recall('region', clientToken, content);
    if (earlier !== undefined) {
      checkRepeat(
        earlier.launches.flatMap(({ instances }) => instances),
        this.#parts.settings,
      );
      return earlier;
    }
    checkFleet(request);
    const fleetId = `fleet-${this.#parts.ids.uuid()}`;
    const refusals: FleetRefusal[] = [];
    const launches = [
      ...this.#fill(fleetId, request, 'on-demand', refusals),
      ...this.#fill(fleetId, request, 'spot', refusals),
    ];
    const fleet = { fleetId, launches, refusals };
    this.#tokens.remember('region', clientToken, content, fleet);
    return fleet;
  }

  #fill(
    fleetId: string,
    request: FleetRequest,
    market: Market,
    refusals: FleetRefusal[],
  ): readonly FleetLaunch[] {
    const wanted = market === 'spot' ? request.spotCount : request.onDemandCount;
    if (wanted === 0) return [];
    const sensible = this.#pools(request.options, market, refusals);
    const isChoice = request.options.some(({ requirements }) => requirements !== undefined);
    if (isChoice && sensible.length === 0 && refusals.length === 0) throw nothingMeets();
    checkDistinct(sensible);
    const possible = this.#withoutRefused(sensible, request, refusals);
    const pools = inOrder(possible, request.order[market], ({ plan }) => this.#price(plan));
    const shares = this.#shares(pools, wanted, request, refusals);
    const total = shares.reduce((sum, share) => sum + share.count, 0);
    if (total < (request.minCount ?? 0)) return [];
    const tags = { ...request.tags['instance'], 'aws:ec2:fleet-id': fleetId };
    return shares.map(({ count, ...pool }) => {
      const { instances } = this.#parts.launcher.place(pool.plan, count, { clientToken: fleetId, tags });
      return { ...pool, instances };
    });
  }

  /** The options that make sense by themselves; the others go to `refusals`. */
  #pools(options: readonly FleetOption[], market: Market, refusals: FleetRefusal[]): readonly PlannedPool[] {
    return options.flatMap((option) => {
      const merged = this.#parts.launcher.merge(option.template, { ...option.override, market });
      const origin = { option, template: merged.template, market };
      try {
        return this.#parts.launcher.plans(merged, option.requirements).map((plan) => ({ ...origin, plan }));
      } catch (error) {
        if (!(error instanceof RegionError) || CONFIGURATION_PROBLEMS.test(error.code)) throw error;
        refusals.push({ ...origin, error });
        return [];
      }
    });
  }

  /**
   * The pools AWS does not refuse on purpose; the others go to `refusals`.
   * @throws RegionError when it refuses them all: then it refuses the request
   */
  #withoutRefused(
    pools: readonly PlannedPool[],
    { tags }: FleetRequest,
    refusals: FleetRefusal[],
  ): readonly PlannedPool[] {
    const refusalOf = this.#parts.refusals.ofPools();
    const asked = pools.map((pool) => ({ pool, error: refusalOf(placeIn(pool.plan, tags['instance'])) }));
    const refused = asked.flatMap(({ pool, error }) => (error === undefined ? [] : [{ ...pool, error }]));
    const [first] = refused;
    if (first !== undefined && refused.length === pools.length) throw first.error;
    refusals.push(...refused);
    return asked.filter(({ error }) => error === undefined).map(({ pool }) => pool);
  }

  /** How many each pool gives, the first ones first; what falls short goes to `refusals`. */
  #shares(
    pools: readonly PlannedPool[],
    wanted: number,
    { tags }: FleetRequest,
    refusals: FleetRefusal[],
  ): readonly FleetShare[] {
    const shares: FleetShare[] = [];
    let missing = wanted;
    for (const { plan, ...origin } of pools) {
      if (missing === 0) break;
      const room = this.#parts.launcher.room(plan, shares, tags['instance']);
      const count = Math.min(missing, room.machines);
      if (count > 0) shares.push({ ...origin, plan, count });
      if (count < missing) refusals.push({ ...origin, error: room.refusal });
      missing -= count;
    }
    return shares;
  }

  #price({ market, type }: LaunchPlan): number {
    return type.dollarsPerHour * (market === 'spot' ? this.#parts.settings.spotPriceRatio : 1);
  }
}
