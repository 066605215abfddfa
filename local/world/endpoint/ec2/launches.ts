/** RunInstances and CreateFleet. */
import type {
  CreateFleetRequest,
  CreateFleetResult,
  FleetLaunchTemplateOverridesRequest,
  LaunchTemplateAndOverridesResponse,
  Reservation,
  RunInstancesRequest,
  _InstanceType,
} from '@aws-sdk/client-ec2';
import type { Market } from '../../../../lambdas/core/model/index.ts';
import { notSimulated } from '../../region/errors.ts';
import type { FleetOption, FleetOrigin, FleetRequest } from '../../region/fleet-request.ts';
import type { LaunchParameters } from '../../region/launch-parameters.ts';
import type { LaunchTemplateReference } from '../../region/launch-templates.ts';
import type { RunRequest } from '../../region/launcher.ts';
import { defineAction, type Action } from '../action.ts';
import { toRequirements } from './requirements-input.ts';
import { reservationViews } from './instance-view.ts';
import {
  EFFECTIVE_LAUNCH_MEMBERS,
  INERT_LAUNCH_MEMBERS,
  toLaunchParameters,
  toPrice,
  toTagsByResource,
} from './launch-input.ts';

const toReference = (template: {
  readonly LaunchTemplateId?: string | undefined;
  readonly LaunchTemplateName?: string | undefined;
  readonly Version?: string | undefined;
}): LaunchTemplateReference => ({
  id: template.LaunchTemplateId,
  name: template.LaunchTemplateName,
  version: template.Version,
});

const toRunRequest = (input: RunInstancesRequest): RunRequest => ({
  parameters: toLaunchParameters(input),
  template: input.LaunchTemplate && toReference(input.LaunchTemplate),
  minCount: input.MinCount ?? 0,
  maxCount: input.MaxCount ?? 0,
  clientToken: input.ClientToken,
});

const runInstances = defineAction<RunInstancesRequest, Reservation>({
  honours: [
    ...EFFECTIVE_LAUNCH_MEMBERS,
    ...INERT_LAUNCH_MEMBERS,
    'SubnetId',
    'LaunchTemplate',
    'MinCount',
    'MaxCount',
    'ClientToken',
  ],
  cost: ({ MaxCount }) => ({ resources: MaxCount ?? 1 }),
  check: (input, { launcher }) => {
    const { template, parameters } = toRunRequest(input);
    launcher.plan(launcher.merge(template, parameters));
  },
  handle: (input, region) => {
    const { instances } = region.launcher.run(toRunRequest(input));
    const [reservation = {}] = reservationViews(instances, region);
    return reservation;
  },
});

const OVERRIDES = new Set([
  'InstanceType',
  'SubnetId',
  'AvailabilityZone',
  'ImageId',
  'MaxPrice',
  'Priority',
  'InstanceRequirements',
]);

const toOverride = (override: FleetLaunchTemplateOverridesRequest): LaunchParameters => {
  const unknown = Object.keys(override).find((name) => !OVERRIDES.has(name));
  if (unknown !== undefined) throw notSimulated(`the fleet override ${unknown}`);
  return {
    instanceType: override.InstanceType,
    subnetId: override.SubnetId,
    zone: override.AvailabilityZone,
    imageId: override.ImageId,
    spotPriceMax: toPrice(override.MaxPrice),
  };
};

const toOptions = (configs: CreateFleetRequest['LaunchTemplateConfigs']): readonly FleetOption[] =>
  (configs ?? []).flatMap(({ LaunchTemplateSpecification: template, Overrides: overrides = [] }) => {
    const reference = toReference(template ?? {});
    if (overrides.length === 0) return [{ template: reference, override: {} }];
    return overrides.map((override) => ({
      template: reference,
      override: toOverride(override),
      requirements: override.InstanceRequirements && toRequirements(override.InstanceRequirements),
      priority: override.Priority,
    }));
  });

/** Counts by market: what is given outright, and the rest to the default market. */
function toCounts(target: CreateFleetRequest['TargetCapacitySpecification']): Record<Market, number> {
  const { TotalTargetCapacity: total = 0, DefaultTargetCapacityType: rest = 'on-demand' } = target ?? {};
  const { OnDemandTargetCapacity: onDemand = 0, SpotTargetCapacity: spot = 0 } = target ?? {};
  const { TargetCapacityUnitType: unit = 'units' } = target ?? {};
  if (unit !== 'units') throw notSimulated(`the capacity unit ${unit}`);
  if (rest !== 'on-demand' && rest !== 'spot') throw notSimulated(`the capacity type ${rest}`);
  const counts = { 'on-demand': onDemand, spot };
  counts[rest] += Math.max(0, total - onDemand - spot);
  return counts;
}

function toFleetRequest(input: CreateFleetRequest): FleetRequest {
  const { Type: type = 'maintain', OnDemandOptions: onDemand, SpotOptions: spot } = input;
  if (type !== 'instant') throw notSimulated(`fleets of type ${type}; use instant`);
  const counts = toCounts(input.TargetCapacitySpecification);
  return {
    options: toOptions(input.LaunchTemplateConfigs),
    onDemandCount: counts['on-demand'],
    spotCount: counts.spot,
    minCount: onDemand?.MinTargetCapacity ?? spot?.MinTargetCapacity,
    order: {
      'on-demand': onDemand?.AllocationStrategy === 'prioritized' ? 'priority' : 'price',
      // Nobody can know which pools are deepest; the strategies that ask for it go by price here.
      spot: spot?.AllocationStrategy === 'capacity-optimized-prioritized' ? 'priority' : 'price',
    },
    tags: toTagsByResource(input.TagSpecifications),
    clientToken: input.ClientToken,
  };
}

/** Names the pool an instance or an error belongs to. */
function poolView({ option, template }: FleetOrigin): LaunchTemplateAndOverridesResponse {
  const { instanceType, subnetId, zone, imageId } = option.override;
  return {
    LaunchTemplateSpecification: template && {
      LaunchTemplateId: template.template.id,
      Version: String(template.version.number),
    },
    Overrides: {
      InstanceType: instanceType as _InstanceType | undefined,
      SubnetId: subnetId,
      AvailabilityZone: zone,
      ImageId: imageId,
      Priority: option.priority,
    },
  };
}

const createFleet = defineAction<CreateFleetRequest, CreateFleetResult>({
  honours: [
    'LaunchTemplateConfigs',
    'TargetCapacitySpecification',
    'Type',
    'OnDemandOptions',
    'SpotOptions',
    'TagSpecifications',
    'ClientToken',
  ],
  cost: ({ TargetCapacitySpecification: target }) => ({ resources: target?.TotalTargetCapacity ?? 1 }),
  check: (input, { templates }) => {
    for (const { template } of toFleetRequest(input).options) templates.resolve(template);
  },
  handle: (input, region) => {
    const { fleetId, launches, refusals } = region.fleets.create(toFleetRequest(input));
    return {
      FleetId: fleetId,
      Instances: launches.map((launch) => ({
        LaunchTemplateAndOverrides: poolView(launch),
        Lifecycle: launch.market,
        InstanceIds: launch.instances.map(({ instanceId }) => instanceId),
        InstanceType: launch.plan.type.name as _InstanceType,
      })),
      Errors: refusals.map((refusal) => ({
        LaunchTemplateAndOverrides: poolView(refusal),
        Lifecycle: refusal.market,
        ErrorCode: refusal.error.code,
        ErrorMessage: refusal.error.message,
      })),
    };
  },
});

export const launchActions: Readonly<Record<string, Action>> = {
  RunInstances: runInstances,
  CreateFleet: createFleet,
};
