/** What CreateFleet is asked for, and what comes of each of its pools. */
import type { Market } from '../../../lambdas/core/model/index.ts';
import type { RegionError } from './errors.ts';
import type { TypeRequirements } from './instance-choice.ts';
import type { RegionInstance } from './instance.ts';
import type { LaunchParameters, Tags } from './launch-parameters.ts';
import type { LaunchPlan } from './launch-plan.ts';
import type { LaunchTemplateReference, ResolvedTemplate } from './launch-templates.ts';

/** One pool a fleet may draw from: a template and what is different there. */
export interface FleetOption {
  readonly template: LaunchTemplateReference;
  readonly override: LaunchParameters;
  /** What EC2 chooses an instance type by, instead of one in `override`. */
  readonly requirements?: TypeRequirements | undefined;
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

/** Where an instance or a refusal comes from. */
export interface FleetOrigin {
  readonly option: FleetOption;
  /** The template as it was found, whatever becomes of it later. */
  readonly template: ResolvedTemplate | undefined;
  readonly market: Market;
}

export interface FleetLaunch extends FleetOrigin {
  readonly plan: LaunchPlan;
  readonly instances: readonly RegionInstance[];
}

export interface FleetRefusal extends FleetOrigin {
  readonly error: RegionError;
}

export interface Fleet {
  readonly fleetId: string;
  readonly launches: readonly FleetLaunch[];
  readonly refusals: readonly FleetRefusal[];
}

/** A pool that makes sense. */
export interface PlannedPool extends FleetOrigin {
  readonly plan: LaunchPlan;
}
