/** Launch parameters between the SDK's words and the region's. */
import type {
  InstanceMarketOptionsRequest,
  Placement,
  ResponseLaunchTemplateData,
  TagSpecification,
} from '@aws-sdk/client-ec2';
import { RegionError, invalidValue, notSimulated } from '../../region/errors.ts';
import type { LaunchParameters, MetadataOptions, Tags } from '../../region/launch-parameters.ts';
import { tagList } from './instance-view.ts';

/** Known, kept and shown again, without effect on a simulated machine. */
export const INERT_LAUNCH_MEMBERS = [
  'BlockDeviceMappings',
  'CpuOptions',
  'CreditSpecification',
  'DisableApiStop',
  'EbsOptimized',
  'EnclaveOptions',
  'IamInstanceProfile',
  'MaintenanceOptions',
  'Monitoring',
  'NetworkInterfaces',
  'PrivateDnsNameOptions',
] as const;

type InertMember = (typeof INERT_LAUNCH_MEMBERS)[number];

export const EFFECTIVE_LAUNCH_MEMBERS = [
  'DisableApiTermination',
  'ImageId',
  'InstanceInitiatedShutdownBehavior',
  'InstanceMarketOptions',
  'InstanceType',
  'KeyName',
  'MetadataOptions',
  'Placement',
  'SecurityGroupIds',
  'TagSpecifications',
  'UserData',
] as const;

/** What RunInstances and a template's data have in common. */
interface LaunchInput extends Partial<Record<Exclude<InertMember, 'NetworkInterfaces'>, unknown>> {
  readonly DisableApiTermination?: boolean | undefined;
  readonly ImageId?: string | undefined;
  readonly InstanceInitiatedShutdownBehavior?: string | undefined;
  readonly InstanceMarketOptions?: InstanceMarketOptionsRequest | undefined;
  readonly InstanceType?: string | undefined;
  readonly KeyName?: string | undefined;
  readonly MetadataOptions?: MetadataOptions | undefined;
  readonly NetworkInterfaces?:
    | readonly { readonly SubnetId?: string | undefined; readonly Groups?: readonly string[] | undefined }[]
    | undefined;
  readonly Placement?: Placement | undefined;
  readonly SecurityGroupIds?: readonly string[] | undefined;
  readonly SubnetId?: string | undefined;
  readonly TagSpecifications?: readonly TagSpecification[] | undefined;
  readonly UserData?: string | undefined;
}

/** @throws RegionError for values EC2 refuses and for what is not simulated */
export function toLaunchParameters(input: LaunchInput): LaunchParameters {
  const [primary] = input.NetworkInterfaces ?? [];
  const { AvailabilityZone: zone, ...placement } = input.Placement ?? {};
  const unknownPlacement = Object.entries(placement).find(
    ([name, value]) => name !== 'Tenancy' || value !== 'default',
  );
  if (unknownPlacement !== undefined) throw notSimulated(`the parameter Placement.${unknownPlacement[0]}`);
  const inert = Object.fromEntries(
    INERT_LAUNCH_MEMBERS.filter((name) => input[name] !== undefined).map((name) => [name, input[name]]),
  );
  return {
    imageId: input.ImageId,
    instanceType: input.InstanceType,
    subnetId: input.SubnetId ?? primary?.SubnetId,
    zone,
    securityGroupIds: input.SecurityGroupIds ?? primary?.Groups,
    ...toMarket(input.InstanceMarketOptions),
    shutdownBehavior: toShutdownBehavior(input.InstanceInitiatedShutdownBehavior),
    terminationProtected: input.DisableApiTermination,
    metadataOptions: input.MetadataOptions,
    userData: input.UserData,
    keyName: input.KeyName,
    tags: toTagsByResource(input.TagSpecifications),
    inert,
  };
}

function toMarket(
  options: LaunchInput['InstanceMarketOptions'],
): Pick<LaunchParameters, 'market' | 'spotPriceMax'> {
  if (options === undefined) return {};
  if (options.MarketType !== 'spot') throw notSimulated(`the market type ${options.MarketType ?? '(none)'}`);
  const { SpotInstanceType: kind = 'one-time', MaxPrice: price } = options.SpotOptions ?? {};
  const { InstanceInterruptionBehavior: behavior = 'terminate' } = options.SpotOptions ?? {};
  if (kind !== 'one-time') throw notSimulated(`${kind} spot requests`);
  if (behavior !== 'terminate') throw notSimulated(`the interruption behavior ${behavior}`);
  return { market: 'spot', spotPriceMax: toPrice(price) };
}

/** Dollars an hour from the text AWS uses. */
export function toPrice(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const price = Number(text);
  if (price > 0.001) return price;
  throw new RegionError('InvalidParameterValue', `The spot price ${text} must be a number above 0.001.`);
}

function toShutdownBehavior(text: string | undefined): LaunchParameters['shutdownBehavior'] {
  if (text === undefined || text === 'stop' || text === 'terminate') return text;
  throw invalidValue('instanceInitiatedShutdownBehavior', text, 'Use stop or terminate.');
}

/** @throws RegionError for a tag without key */
export const toTags = (tags: TagSpecification['Tags']): Tags =>
  Object.fromEntries((tags ?? []).map(({ Key, Value }) => [Key ?? '', Value ?? '']));

export function toTagsByResource(
  specifications: readonly TagSpecification[] | undefined,
): Readonly<Record<string, Tags>> {
  const byResource: Record<string, Tags> = {};
  for (const { ResourceType: resource = '', Tags: tags } of specifications ?? []) {
    if (byResource[resource] !== undefined) {
      throw invalidValue('tagSpecification', resource, 'Give each resource type once.');
    }
    byResource[resource] = toTags(tags);
  }
  return byResource;
}

/** A template's parameters as DescribeLaunchTemplateVersions shows them. */
export function templateDataView(parameters: LaunchParameters): ResponseLaunchTemplateData {
  const view = {
    ...parameters.inert,
    ImageId: parameters.imageId,
    InstanceType: parameters.instanceType,
    SecurityGroupIds: parameters.securityGroupIds,
    KeyName: parameters.keyName,
    UserData: parameters.userData,
    DisableApiTermination: parameters.terminationProtected,
    InstanceInitiatedShutdownBehavior: parameters.shutdownBehavior,
    MetadataOptions: parameters.metadataOptions,
    ...(parameters.zone !== undefined && { Placement: { AvailabilityZone: parameters.zone } }),
    ...(parameters.market === 'spot' && { InstanceMarketOptions: { MarketType: 'spot' } }),
    TagSpecifications: Object.entries(parameters.tags ?? {}).map(([ResourceType, tags]) => ({
      ResourceType,
      Tags: tagList(tags),
    })),
  };
  return view as ResponseLaunchTemplateData;
}
