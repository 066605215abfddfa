/** One launch as a CreateFleet request, and the answer as a LaunchResult. Pure. */
import type {
  CreateFleetCommandInput,
  CreateFleetCommandOutput,
  CreateFleetError,
  CreateFleetInstance,
  FleetLaunchTemplateOverridesRequest,
  LaunchTemplateAndOverridesResponse,
  _InstanceType,
} from '@aws-sdk/client-ec2';
import type { MachineType } from '../../core/config/machine-type.ts';
import type { Launch, Market, Pool } from '../../core/model/index.ts';
import type { LaunchResult, Refusal } from '../../ports.ts';
import { refusalFor } from '../errors.ts';
import { instanceTypeIn, requirementsFor } from './requirements.ts';
import { FARM_TAG, LAUNCH_TAG, NAME_TAG, TYPE_TAG, instanceName, typeToTagValue } from './tags.ts';
import type { FarmTags } from './tags.ts';

/** Longest idempotency token EC2 takes; it must be ASCII (AWS: docs/develop/facts.md#ec2-idempotency-tokens). */
const TOKEN = /^[\x21-\x7e]{1,64}$/;

/** In these pools EC2 chooses the instance type. */
const isOfAny = ({ instanceType }: Pool): boolean => instanceType === '';

/** What is wrong with a launch before it is sent, in words; undefined for a sound one. */
export function mistakeIn(launch: Launch, type: MachineType): string | undefined {
  const markets = new Set(launch.pools.map((pool) => pool.market));
  if (!TOKEN.test(launch.id)) return `its id "${launch.id}" is no token of 1 to 64 ASCII characters`;
  if (launch.type.includes('/')) return `its machine type "${launch.type}" contains "/"`;
  if (!Number.isInteger(launch.count) || launch.count < 1) return `it asks for ${launch.count} machines`;
  if (markets.size === 0) return 'it names no pool';
  if (markets.size > 1) return 'its pools are on two markets; one launch buys on one';
  if (launch.pools.some(isOfAny) && type.instanceRequirements === undefined)
    return 'it leaves the instance type to EC2, and its type no longer says what machines must be like';
  return undefined;
}

/**
 * The request: what can be had of `launch.count`, at once, from whichever pools have it. It depends on nothing but its
 * arguments, because EC2 refuses a second send under the same token that differs in anything.
 */
export function fleetRequest(
  launch: Launch,
  type: MachineType,
  imageId: string,
  { farm, others = {} }: FarmTags,
): CreateFleetCommandInput {
  const market = launch.pools[0]?.market ?? 'on-demand';
  const Tags = [
    { Key: FARM_TAG, Value: farm },
    { Key: TYPE_TAG, Value: typeToTagValue(launch.type) },
    { Key: LAUNCH_TAG, Value: launch.id },
    { Key: NAME_TAG, Value: instanceName(launch.type) },
    ...Object.entries(others).map(([Key, Value]) => ({ Key, Value })),
  ];
  return {
    Type: 'instant',
    ClientToken: launch.id,
    TargetCapacitySpecification: { TotalTargetCapacity: launch.count, DefaultTargetCapacityType: market },
    ...allocation(market, launch.pools.some(isOfAny)),
    LaunchTemplateConfigs: [
      {
        // CloudFormation adds a version with each deployment and never moves the default, which stays the first.
        LaunchTemplateSpecification: { LaunchTemplateName: type.launchTemplate, Version: '$Latest' },
        Overrides: launch.pools.map((pool, order) =>
          isOfAny(pool) ? choice(launch, pool, type, imageId) : override(pool, order, imageId),
        ),
      },
    ],
    // CreateFleet takes no tags for spot requests, which are found by their instance
    // (AWS: docs/develop/facts.md#ec2-fleets-tag-no-spot-requests).
    TagSpecifications: TAGGED.map((ResourceType) => ({ ResourceType, Tags })),
  };
}

/** An instant fleet is gone when it has answered; it is tagged for policies that demand it of whatever is made. */
const TAGGED = ['instance', 'volume', 'fleet'] as const;

/** What EC2 chooses itself has no order of ours: the cheapest that fits is taken. */
function allocation(
  market: Market,
  isChosen: boolean,
): Pick<CreateFleetCommandInput, 'OnDemandOptions' | 'SpotOptions'> {
  return market === 'on-demand'
    ? { OnDemandOptions: { AllocationStrategy: isChosen ? 'lowest-price' : 'prioritized' } }
    : {
        SpotOptions: {
          AllocationStrategy: 'price-capacity-optimized',
          InstanceInterruptionBehavior: 'terminate',
        },
      };
}

const override = (pool: Pool, order: number, ImageId: string): FleetLaunchTemplateOverridesRequest => ({
  // The SDK lists the instance types of its own release; EC2 takes newer ones too.
  InstanceType: pool.instanceType as _InstanceType,
  ImageId,
  ...(pool.subnet === '' ? {} : { SubnetId: pool.subnet }),
  ...(pool.market === 'on-demand' ? { Priority: order } : {}),
});

/** The same requirements wherever they are asked for, since EC2 refuses others that overlap. */
const choice = (
  { without }: Launch,
  { subnet }: Pool,
  { instanceRequirements }: MachineType,
  ImageId: string,
): FleetLaunchTemplateOverridesRequest => ({
  ...(instanceRequirements && { InstanceRequirements: requirementsFor(instanceRequirements, without) }),
  ImageId,
  ...(subnet === '' ? {} : { SubnetId: subnet }),
});

/** The answer. HTTP 200 says nothing: an instant fleet reports every pool that failed in it, even when all did. */
export function readFleetAnswer(answer: CreateFleetCommandOutput, launch: Launch): LaunchResult {
  if (answer.FleetId === undefined)
    return { answered: false, reason: 'CreateFleet: no fleet id in the answer' };
  const groups = answer.Instances ?? [];
  const isSilent = answer.Instances === undefined && (answer.Errors ?? []).length === 0;
  if (isSilent || groups.some(({ InstanceIds }) => InstanceIds === undefined))
    return { answered: false, reason: 'CreateFleet: the answer does not list the instances' };
  const instanceIds = groups.flatMap((group) => group.InstanceIds ?? []);
  const pools = new Map(groups.flatMap((group) => originsOf(group, launch)));
  const refusals = (answer.Errors ?? []).map((error) => fleetRefusal(error, launch));
  if (instanceIds.length < launch.count && refusals.length === 0) {
    const message = `EC2 launched ${instanceIds.length} of ${launch.count} and did not say why`;
    refusals.push(refusalFor('UnfulfillableCapacity', message));
  }
  return { answered: true, instanceIds, pools, refusals: withoutRepeats(refusals) };
}

function fleetRefusal(error: CreateFleetError, launch: Launch): Refusal {
  const message = error.ErrorMessage ?? 'no message';
  return refusalFor(error.ErrorCode ?? 'Unknown', message, {
    pool: poolIn(error.LaunchTemplateAndOverrides, launch, instanceTypeIn(message)),
    deed: 'launch',
  });
}

function originsOf(group: CreateFleetInstance, launch: Launch): [string, Pool][] {
  const pool = poolIn(group.LaunchTemplateAndOverrides, launch, group.InstanceType);
  return pool === undefined || isOfAny(pool) ? [] : (group.InstanceIds ?? []).map((id) => [id, pool]);
}

/** The pool of the launch that AWS names. @param chosen the instance type, where EC2 has chosen it and says so elsewhere. */
function poolIn(
  origin: LaunchTemplateAndOverridesResponse | undefined,
  launch: Launch,
  chosen: string | undefined,
): Pool | undefined {
  const at = origin?.Overrides;
  const pool = launch.pools.find(
    (one) =>
      (isOfAny(one) || one.instanceType === at?.InstanceType) &&
      (one.subnet === '' || one.subnet === at?.SubnetId),
  );
  if (pool === undefined || !isOfAny(pool)) return pool;
  return { ...pool, instanceType: at?.InstanceType ?? chosen ?? '' };
}

/** An instant fleet may report one pool once for every machine it could not have. */
function withoutRepeats(refusals: readonly Refusal[]): Refusal[] {
  const keyOf = ({ code, pool }: Refusal): string => JSON.stringify([code, pool?.instanceType, pool?.subnet]);
  return [...new Map(refusals.map((refusal) => [keyOf(refusal), refusal])).values()];
}

/** The whole request was refused. With only one pool in it, that pool was meant where the refusal is about a pool. */
export function refusedLaunch(refusal: Refusal, launch: Launch): LaunchResult {
  const [only, ...others] = launch.pools;
  const isAboutPool = ['capacity', 'unsupported', 'addresses'].includes(refusal.kind);
  const pool = isAboutPool && others.length === 0 ? only : undefined;
  const refusals = [pool === undefined ? refusal : { ...refusal, pool }];
  return { answered: true, instanceIds: [], pools: new Map(), refusals };
}
