/** CreateFleet of type `instant`: spread over several pools at once, answered with what was had and what was not. */
import type { Market } from '../../../lambdas/core/model.ts';
import { RegionError, invalidValue } from './errors.ts';
import { ClientTokens } from './idempotency.ts';
import type { Ids } from './ids.ts';
import type { RegionInstance } from './instance.ts';
import type { LaunchParameters, Tags } from './launch-parameters.ts';
import type { LaunchPlan } from './launch-plan.ts';
import type { LaunchTemplateReference } from './launch-templates.ts';
import type { Launcher, Share } from './launcher.ts';
import type { RegionSettings } from './settings.ts';

/** One pool a fleet may draw from: a template and what is different there. */
export interface FleetOption {
  readonly template: LaunchTemplateReference;
  readonly override: LaunchParameters;
  /** The lower, the earlier, where the strategy goes by priority. */
  readonly priority?: number | undefined;
}

export interface FleetRequest {
  readonly options: readonly FleetOption[];
  readonly onDemandCount: number;
  readonly spotCount: number;
  /** Below this, nothing at all is launched. */
  readonly minCount?: number | undefined;
  /** `price`: cheapest first. `priority`: by `priority`, and in the order given. */
  readonly order: Readonly<Record<Market, 'price' | 'priority'>>;
  readonly tags: Readonly<Record<string, Tags>>;
  readonly clientToken?: string | undefined;
}

export interface FleetLaunch {
  readonly option: FleetOption;
  readonly market: Market;
  readonly plan: LaunchPlan;
  readonly instances: readonly RegionInstance[];
}

export interface FleetRefusal {
  readonly option: FleetOption;
  readonly market: Market;
  readonly error: RegionError;
}

export interface Fleet {
  readonly fleetId: string;
  readonly launches: readonly FleetLaunch[];
  readonly refusals: readonly FleetRefusal[];
}

interface FleetShare extends Share {
  readonly option: FleetOption;
}

type Planned = { readonly option: FleetOption } & (
  { readonly plan: LaunchPlan } | { readonly error: RegionError }
);

const OPTIONS_MAX = 50;
const CONFIGURATION_PROBLEMS = /^InvalidLaunchTemplate|^InvalidParameterCombination$|^MissingParameter$/;

export class Fleets {
  readonly #launcher: Launcher;
  readonly #ids: Ids;
  readonly #settings: RegionSettings;
  readonly #tokens = new ClientTokens<Fleet>();

  constructor(launcher: Launcher, ids: Ids, settings: RegionSettings) {
    this.#launcher = launcher;
    this.#ids = ids;
    this.#settings = settings;
  }

  /**
   * Launches up to the wanted counts and says for each pool that fell short why: also "nothing at all" is an answer.
   * @throws RegionError for a request that makes no sense in any pool
   */
  create(request: FleetRequest): Fleet {
    const { clientToken, ...content } = request;
    const earlier = this.#tokens.recall('region', clientToken, content);
    if (earlier !== undefined) return earlier;
    checkFleet(request);
    const fleetId = `fleet-${this.#ids.uuid()}`;
    const refusals: FleetRefusal[] = [];
    const launches = [
      ...this.#fill(fleetId, request, 'on-demand', request.onDemandCount, refusals),
      ...this.#fill(fleetId, request, 'spot', request.spotCount, refusals),
    ];
    const fleet = { fleetId, launches, refusals };
    this.#tokens.remember('region', clientToken, content, fleet);
    return fleet;
  }

  #fill(
    fleetId: string,
    request: FleetRequest,
    market: Market,
    wanted: number,
    refusals: FleetRefusal[],
  ): readonly FleetLaunch[] {
    if (wanted === 0) return [];
    const shares = this.#shares(this.#inOrder(request, market), market, wanted, refusals);
    const total = shares.reduce((sum, share) => sum + share.count, 0);
    if (total < (request.minCount ?? 0)) return [];
    return shares.map(({ option, plan, count }) => {
      const tags = { ...request.tags['instance'], 'aws:ec2:fleet-id': fleetId };
      const { instances } = this.#launcher.place(plan, count, { clientToken: fleetId, tags });
      return { option, market, plan, instances };
    });
  }

  /** How many each pool gives, the first ones first; what falls short goes to `refusals`. */
  #shares(
    planned: readonly Planned[],
    market: Market,
    wanted: number,
    refusals: FleetRefusal[],
  ): readonly FleetShare[] {
    const shares: FleetShare[] = [];
    let missing = wanted;
    for (const candidate of planned) {
      if (missing === 0) break;
      if ('error' in candidate) {
        refusals.push({ option: candidate.option, market, error: candidate.error });
        continue;
      }
      const room = this.#launcher.room(candidate.plan, shares);
      const count = Math.min(missing, room.machines);
      if (count > 0) shares.push({ ...candidate, count });
      if (count < missing) refusals.push({ option: candidate.option, market, error: room.refusal });
      missing -= count;
    }
    return shares;
  }

  #inOrder(request: FleetRequest, market: Market): readonly Planned[] {
    const planned = request.options.map((option) => this.#plan(option, market));
    const rank = ({ option, ...rest }: Planned): number =>
      request.order[market] === 'priority'
        ? (option.priority ?? Infinity)
        : 'plan' in rest
          ? this.#price(rest.plan)
          : 0;
    return planned
      .map((candidate, index) => ({ candidate, index, rank: rank(candidate) }))
      .sort((a, b) => (a.rank === b.rank ? a.index - b.index : a.rank - b.rank))
      .map(({ candidate }) => candidate);
  }

  #plan(option: FleetOption, market: Market): Planned {
    const merged = this.#launcher.merge(option.template, { ...option.override, market });
    try {
      return { option, plan: this.#launcher.plan(merged) };
    } catch (error) {
      if (error instanceof RegionError && !CONFIGURATION_PROBLEMS.test(error.code)) return { option, error };
      throw error;
    }
  }

  #price({ market, type }: LaunchPlan): number {
    return type.dollarsPerHour * (market === 'spot' ? this.#settings.spotPriceRatio : 1);
  }
}

function checkFleet({ options, onDemandCount, spotCount }: FleetRequest): void {
  if (options.length === 0) throw invalidValue('LaunchTemplateConfigs', '[]', 'Give at least one.');
  if (options.length > OPTIONS_MAX) {
    throw invalidValue('LaunchTemplateConfigs', options.length, `Give at most ${OPTIONS_MAX}.`);
  }
  if (onDemandCount < 0 || spotCount < 0 || onDemandCount + spotCount === 0) {
    throw invalidValue('TotalTargetCapacity', onDemandCount + spotCount, 'It must be at least 1.');
  }
}
