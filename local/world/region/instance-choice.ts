/** Which instance types EC2 would choose from, where a request says what machines must be like. */
import { familyOf } from '../../../lambdas/core/config/instance-families.ts';
import type { Market } from '../../../lambdas/core/model/index.ts';
import { RegionError, invalidValue, missingParameter } from './errors.ts';
import { allInstanceTypes } from './instance-types.ts';
import type { Architecture, InstanceTypeFacts } from './instance-types.ts';

export interface Bounds {
  readonly min?: number | undefined;
  readonly max?: number | undefined;
}

export interface TypeRequirements {
  readonly vcpus: Bounds | undefined;
  readonly memoryMib: Bounds | undefined;
  readonly manufacturers?: readonly string[] | undefined;
  /** With `*` for anything. */
  readonly excluded?: readonly string[] | undefined;
  readonly allowed?: readonly string[] | undefined;
  readonly burstable?: 'included' | 'excluded' | 'required' | undefined;
  readonly localStorage?: 'included' | 'excluded' | 'required' | undefined;
}

/** In one request (AWS: docs/develop/facts.md#ec2-instance-requirements). */
const REQUIREMENTS_MAX = 4;

/**
 * EC2 leaves out what costs so much more than the cheapest C, M or R that fits, in percent
 * (AWS: docs/develop/facts.md#ec2-instance-requirements).
 */
const DEARER_MAX: Readonly<Record<Market, number>> = { 'on-demand': 20, spot: 100 };

const MAKERS: Readonly<Record<string, string>> = {
  AMD: 'amd',
  Graviton: 'amazon-web-services',
  Intel: 'intel',
};

/** Those that fit, of one architecture, without those that cost much more than they must. */
export function typesMeeting(
  requirements: TypeRequirements,
  architecture: Architecture,
  market?: Market,
): readonly InstanceTypeFacts[] {
  const fitting = allInstanceTypes.filter(
    (facts) => facts.architecture === architecture && meets(facts, requirements),
  );
  if (market === undefined) return fitting;
  const usual = fitting.filter(({ family }) => /^[cmr]\d/.test(family));
  const prices = (usual.length === 0 ? fitting : usual).map(({ dollarsPerHour }) => dollarsPerHour);
  const highest = Math.min(...prices) * (1 + DEARER_MAX[market] / 100);
  return fitting.filter(({ dollarsPerHour }) => dollarsPerHour <= highest);
}

/** No type of the region has a local disk, or is of an older generation. */
function meets(facts: InstanceTypeFacts, requirements: TypeRequirements): boolean {
  const { vcpus, memoryMib, manufacturers, excluded = [], allowed, burstable = 'excluded' } = requirements;
  const isBurstable = facts.family.startsWith('t');
  const maker = MAKERS[familyOf(facts.name)?.vendor ?? ''];
  return (
    isWithin(facts.vcpus, vcpus) &&
    isWithin(facts.memoryMib, memoryMib) &&
    (manufacturers === undefined || (maker !== undefined && manufacturers.includes(maker))) &&
    !excluded.some((pattern) => isLike(facts.name, pattern)) &&
    (allowed === undefined || allowed.some((pattern) => isLike(facts.name, pattern))) &&
    (burstable === 'included' || isBurstable === (burstable === 'required')) &&
    requirements.localStorage !== 'required'
  );
}

const isWithin = (value: number, { min = 0, max = Infinity }: Bounds = {}): boolean =>
  min <= value && value <= max;

const isLike = (name: string, pattern: string): boolean =>
  new RegExp(`^${pattern.split('*').map(RegExp.escape).join('.*')}$`).test(name);

/** @throws RegionError for requirements that make no sense by themselves, or not beside each other */
export function checkRequirements(all: readonly TypeRequirements[]): void {
  if (all.length > REQUIREMENTS_MAX)
    throw new RegionError(
      'InvalidParameterValue',
      `Your request contains more than the maximum allowed number of InstanceRequirements (${REQUIREMENTS_MAX})`,
    );
  all.forEach(checkOne);
  const different = [...new Map(all.map((one) => [JSON.stringify(one), one])).values()];
  const isChosenTwice = (facts: InstanceTypeFacts): boolean =>
    different.filter((one) => meets(facts, one)).length > 1;
  if (!allInstanceTypes.some(isChosenTwice)) return;
  throw new RegionError(
    'InvalidParameterValue',
    'Two or more of your InstanceRequirements structures include overlapping values. Ensure that there is no overlap, and try again.',
  );
}

function checkOne({ vcpus, memoryMib, excluded, allowed }: TypeRequirements): void {
  for (const [name, bounds] of Object.entries({ VCpuCount: vcpus, MemoryMiB: memoryMib })) {
    if (bounds?.min === undefined) throw missingParameter(`InstanceRequirements.${name}.Min`);
    if (bounds.max !== undefined && bounds.max < bounds.min)
      throw invalidValue(`InstanceRequirements.${name}.Max`, bounds.max, 'It must not be less than Min.');
  }
  if (excluded === undefined || allowed === undefined) return;
  throw new RegionError(
    'InvalidParameterCombination',
    'You cannot specify both AllowedInstanceTypes and ExcludedInstanceTypes.',
  );
}

export const nothingMeets = (): RegionError =>
  new RegionError('InvalidParameterValue', 'No instance types match the specified InstanceRequirements.');
