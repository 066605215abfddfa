/** From what a request and its template say to one kind of instance in one pool, or AWS's refusal. */
import type { Market } from '../../../lambdas/core/model/index.ts';
import { unsupportedInZone, type Capacity, type CapacityPool } from './capacity.ts';
import { RegionError, missingParameter, notSimulated } from './errors.ts';
import type { Image, Images } from './images.ts';
import { typesMeeting, type TypeRequirements } from './instance-choice.ts';
import { instanceTypeFacts, type InstanceTypeFacts } from './instance-types.ts';
import { mergeLaunchParameters, type LaunchParameters, type Tags } from './launch-parameters.ts';
import type { LaunchTemplateReference, LaunchTemplates, ResolvedTemplate } from './launch-templates.ts';
import type { Network, Subnet } from './network.ts';
import type { RegionSettings } from './settings.ts';
import { checkTags } from './tags.ts';

export interface LaunchPlan {
  readonly parameters: LaunchParameters;
  readonly template?: ResolvedTemplate | undefined;
  readonly type: InstanceTypeFacts;
  readonly image: Image;
  readonly subnet: Subnet;
  readonly market: Market;
  readonly pool: CapacityPool;
}

export interface PlanParts {
  readonly templates: LaunchTemplates;
  readonly images: Images;
  readonly network: Network;
  readonly capacity: Capacity;
  readonly settings: RegionSettings;
}

/** The template's parameters with the request's laid over them; the template itself leaves its mark as tags. */
export interface MergedLaunch {
  readonly parameters: LaunchParameters;
  readonly template?: ResolvedTemplate | undefined;
}

export function mergeWithTemplate(
  templates: LaunchTemplates,
  reference: LaunchTemplateReference | undefined,
  request: LaunchParameters,
): MergedLaunch {
  if (reference === undefined) return { parameters: request };
  const template = templates.resolve(reference);
  return { parameters: mergeLaunchParameters(template.version.parameters, request), template };
}

/** @throws RegionError under the name AWS has for what is wrong */
export function planLaunch(parts: PlanParts, { parameters, template }: MergedLaunch): LaunchPlan {
  const image = parts.images.require(required('ImageId', parameters.imageId));
  const type = requireType(parameters.instanceType);
  requireSameArchitecture(type, image);
  const subnet = chooseSubnet(parts.network, parameters);
  const market = parameters.market ?? 'on-demand';
  const pool = { instanceType: type.name, zone: subnet.zone, market };
  if (!parts.capacity.offers(pool)) throw unsupportedInZone(pool);
  checkSecurityGroups(parts.network, parameters.securityGroupIds ?? []);
  checkUserData(parameters.userData);
  checkSpotPrice(parameters, type.dollarsPerHour * parts.settings.spotPriceRatio);
  for (const tags of Object.values(parameters.tags ?? {})) checkTags(tags);
  return { parameters, template, type, image, subnet, market, pool };
}

/** One plan for every instance type that meets the requirements where the launch is to be. @throws RegionError */
export function planChoice(
  parts: PlanParts,
  { parameters, template }: MergedLaunch,
  requirements: TypeRequirements,
): readonly LaunchPlan[] {
  const { architecture } = parts.images.require(required('ImageId', parameters.imageId));
  const { zone } = chooseSubnet(parts.network, parameters);
  const { market = 'on-demand' } = parameters;
  return typesMeeting(requirements, architecture, market)
    .filter(({ name: instanceType }) => parts.capacity.offers({ instanceType, zone, market }))
    .map(({ name: instanceType }) =>
      planLaunch(parts, { parameters: { ...parameters, instanceType }, template }),
    );
}

/** Tags every instance of a template carries. */
export const templateTags = (template: ResolvedTemplate | undefined): Tags =>
  template === undefined
    ? {}
    : {
        'aws:ec2launchtemplate:id': template.template.id,
        'aws:ec2launchtemplate:version': String(template.version.number),
      };

function required(field: string, value: string | undefined): string {
  if (value === undefined) throw missingParameter(field);
  return value;
}

function requireType(name: string | undefined): InstanceTypeFacts {
  if (name === undefined) throw notSimulated('AWS’s default instance type m1.small; name an InstanceType');
  const type = instanceTypeFacts(name);
  if (type !== undefined) return type;
  throw new RegionError('InvalidParameterValue', `Invalid value '${name}' for InstanceType.`);
}

function requireSameArchitecture(type: InstanceTypeFacts, image: Image): void {
  if (type.architecture === image.architecture) return;
  throw new RegionError(
    'InvalidParameterValue',
    `The architecture '${type.architecture}' of the specified instance type does not match the architecture '${image.architecture}' of the specified AMI. ` +
      'Specify an instance type and an AMI that have matching architectures, and try again.',
  );
}

function chooseSubnet(network: Network, { subnetId, zone }: LaunchParameters): Subnet {
  if (subnetId === undefined) return network.defaultSubnet(zone);
  const subnet = network.require(subnetId);
  if (zone === undefined || zone === subnet.zone) return subnet;
  throw new RegionError(
    'InvalidParameterValue',
    `The availability zone '${zone}' does not match the subnet '${subnetId}', which is in '${subnet.zone}'.`,
  );
}

function checkSecurityGroups(network: Network, ids: readonly string[]): void {
  const unknown = ids.find((id) => id !== network.securityGroupId);
  if (unknown === undefined) return;
  throw new RegionError(
    'InvalidGroup.NotFound',
    `The security group '${unknown}' does not exist; the simulated region has ${network.securityGroupId}.`,
  );
}

const USER_DATA_BYTES_MAX = 16_384;

function checkUserData(userData: string | undefined): void {
  if (userData === undefined) return;
  const isBase64 = /^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(userData);
  if (!isBase64) throw new RegionError('InvalidUserData.Malformed', 'Invalid BASE64 encoding of user data.');
  if (Buffer.from(userData, 'base64').length <= USER_DATA_BYTES_MAX) return;
  throw new RegionError('InvalidParameterValue', `User data is limited to ${USER_DATA_BYTES_MAX} bytes`);
}

function checkSpotPrice({ market, spotPriceMax }: LaunchParameters, price: number): void {
  if (market !== 'spot' || spotPriceMax === undefined || spotPriceMax >= price) return;
  throw new RegionError(
    'SpotMaxPriceTooLow',
    `Your Spot request price of ${spotPriceMax} is lower than the minimum required Spot request fulfillment price of ${price}.`,
  );
}
