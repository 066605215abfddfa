/** What is wrong with a fleet request before any pool is asked, and in which order pools are asked. */
import type { FleetRequest, PlannedPool } from './fleet-request.ts';
import { RegionError, invalidValue, notSimulated } from './errors.ts';
import { checkRequirements } from './instance-choice.ts';
import { checkTags } from './tags.ts';

/** Cheapest or foremost first; equals stay in the order given. */
export function inOrder(
  pools: readonly PlannedPool[],
  order: 'price' | 'priority',
  priceOf: (pool: PlannedPool) => number,
): readonly PlannedPool[] {
  const last = Number.MAX_SAFE_INTEGER;
  const rank = (pool: PlannedPool): number =>
    order === 'price' ? priceOf(pool) : (pool.option.priority ?? last);
  return [...pools].sort((a, b) => rank(a) - rank(b));
}

/** Two subnets of one zone make one pool twice. */
export function checkDistinct(pools: readonly PlannedPool[]): void {
  const names = pools.map(({ plan }) => `${plan.type.name} in ${plan.subnet.zone}`);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice === undefined) return;
  throw new RegionError(
    'InvalidFleetConfig',
    `The fleet configuration contains duplicate instance pools: ${twice}`,
  );
}

/**
 * For fleets of type request and maintain (AWS: docs/develop/facts.md#ec2-a-fleets-options); for instant ones nothing
 * is documented.
 */
const OPTIONS_MAX = 300;

/** @throws RegionError */
export function checkFleet(request: FleetRequest): void {
  const { options, onDemandCount, spotCount, tags } = request;
  checkChoices(request);
  for (const ofKind of Object.values(tags)) checkTags(ofKind);
  if (options.length === 0) throw invalidValue('LaunchTemplateConfigs', '[]', 'Give at least one.');
  if (options.length > OPTIONS_MAX) {
    throw invalidValue('LaunchTemplateConfigs', options.length, `Give at most ${OPTIONS_MAX}.`);
  }
  if (onDemandCount < 0 || spotCount < 0 || onDemandCount + spotCount === 0) {
    throw invalidValue('TotalTargetCapacity', onDemandCount + spotCount, 'It must be at least 1.');
  }
}

/** @throws RegionError */
function checkChoices({ options, order, spotCount }: FleetRequest): void {
  const choices = options.filter(({ requirements }) => requirements !== undefined);
  if (choices.length === 0) return;
  if (choices.some(({ override }) => override.instanceType !== undefined))
    throw new RegionError(
      'InvalidParameterCombination',
      'You cannot specify both InstanceType and InstanceRequirements in an override.',
    );
  if (choices.length < options.length) throw notSimulated('overrides with and without InstanceRequirements');
  if (order[spotCount > 0 ? 'spot' : 'on-demand'] === 'priority')
    throw notSimulated('priorities among what InstanceRequirements choose');
  checkRequirements(choices.flatMap(({ requirements }) => requirements ?? []));
}
