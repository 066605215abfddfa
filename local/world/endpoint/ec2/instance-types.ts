/** DescribeInstanceTypes, DescribeInstanceTypeOfferings, GetInstanceTypesFromInstanceRequirements, DescribeSpotPriceHistory. */
import type {
  DescribeInstanceTypeOfferingsRequest,
  DescribeInstanceTypeOfferingsResult,
  DescribeInstanceTypesRequest,
  DescribeInstanceTypesResult,
  DescribeSpotPriceHistoryRequest,
  DescribeSpotPriceHistoryResult,
  GetInstanceTypesFromInstanceRequirementsRequest,
  GetInstanceTypesFromInstanceRequirementsResult,
  InstanceTypeInfo,
  _InstanceType,
} from '@aws-sdk/client-ec2';
import { RegionError, notSimulated } from '../../region/errors.ts';
import { checkRequirements, typesMeeting } from '../../region/instance-choice.ts';
import { allInstanceTypes, instanceTypeFacts, type InstanceTypeFacts } from '../../region/instance-types.ts';
import { defineAction, toDate, type Action } from '../action.ts';
import { applyFilters, type FilterTable } from '../filters.ts';
import { EC2_PAGES, page } from '../paging.ts';
import { toRequirements } from './requirements-input.ts';

const nameOf = ({ name }: InstanceTypeFacts): _InstanceType => name as _InstanceType;
const SUPPORTED_FEATURES = (facts: InstanceTypeFacts): string[] =>
  facts.nestedVirtualization ? ['nested-virtualization'] : [];

const TYPE_FILTERS: FilterTable<InstanceTypeFacts> = {
  'bare-metal': () => ['false'],
  'current-generation': () => ['true'],
  'instance-type': ({ name }) => [name],
  'processor-info.supported-architecture': ({ architecture }) => [architecture],
  'processor-info.supported-features': SUPPORTED_FEATURES,
  'supported-usage-class': () => ['on-demand', 'spot'],
  'vcpu-info.default-vcpus': ({ vcpus }) => [String(vcpus)],
};

const typeView = (facts: InstanceTypeFacts): InstanceTypeInfo => ({
  InstanceType: nameOf(facts),
  CurrentGeneration: true,
  BareMetal: false,
  FreeTierEligible: false,
  Hypervisor: 'nitro',
  InstanceStorageSupported: false,
  SupportedUsageClasses: ['on-demand', 'spot'],
  SupportedRootDeviceTypes: ['ebs'],
  SupportedVirtualizationTypes: ['hvm'],
  ProcessorInfo: {
    SupportedArchitectures: [facts.architecture],
    ...(facts.nestedVirtualization && { SupportedFeatures: ['nested-virtualization' as const] }),
  },
  VCpuInfo: { DefaultVCpus: facts.vcpus },
  MemoryInfo: { SizeInMiB: facts.memoryMib },
});

const describeInstanceTypes = defineAction<DescribeInstanceTypesRequest, DescribeInstanceTypesResult>({
  honours: ['InstanceTypes', 'Filters', 'MaxResults', 'NextToken'],
  handle: ({ InstanceTypes: names = [], Filters: filters, ...input }) => {
    const unknown = names.filter((name) => instanceTypeFacts(name) === undefined);
    if (unknown.length > 0) {
      throw new RegionError(
        'InvalidInstanceType',
        `The following supplied instance types do not exist: [${unknown.join(', ')}]`,
      );
    }
    const chosen =
      names.length === 0 ? allInstanceTypes : names.flatMap((name) => instanceTypeFacts(name) ?? []);
    const matching = applyFilters(chosen, filters, TYPE_FILTERS);
    const limits = { ...EC2_PAGES, max: 100 };
    const { items, nextToken } = page(
      matching,
      ({ name }) => name,
      { input, question: { names, filters } },
      limits,
    );
    return { InstanceTypes: items.map(typeView), NextToken: nextToken };
  },
});

interface Offering {
  readonly type: InstanceTypeFacts;
  readonly location: string;
}

const idOfOffering = ({ type, location }: Offering): string => `${type.name} ${location}`;

const OFFERING_FILTERS: FilterTable<Offering> = {
  'instance-type': ({ type }) => [type.name],
  location: ({ location }) => [location],
};

const describeInstanceTypeOfferings = defineAction<
  DescribeInstanceTypeOfferingsRequest,
  DescribeInstanceTypeOfferingsResult
>({
  honours: ['LocationType', 'Filters', 'MaxResults', 'NextToken'],
  handle: (
    { LocationType: kind = 'region', Filters: filters, ...input },
    { network, capacity, settings },
  ) => {
    if (kind !== 'region' && kind !== 'availability-zone') throw notSimulated(`the location type ${kind}`);
    const isOffered = (type: InstanceTypeFacts, zone: string): boolean =>
      capacity.offers({ instanceType: type.name, zone, market: 'on-demand' });
    const offerings = allInstanceTypes.flatMap((type) => {
      const zones = network.subnets.map(({ zone }) => zone).filter((zone) => isOffered(type, zone));
      const locations = kind === 'region' ? (zones.length > 0 ? [settings.regionName] : []) : zones;
      return locations.map((location) => ({ type, location }));
    });
    const matching = applyFilters(offerings, filters, OFFERING_FILTERS);
    const { items, nextToken } = page(matching, idOfOffering, { input, question: { kind, filters } });
    const views = items.map(({ type, location }) => ({
      InstanceType: nameOf(type),
      LocationType: kind,
      Location: location,
    }));
    return { InstanceTypeOfferings: views, NextToken: nextToken };
  },
});

const getInstanceTypesFromInstanceRequirements = defineAction<
  GetInstanceTypesFromInstanceRequirementsRequest,
  GetInstanceTypesFromInstanceRequirementsResult
>({
  honours: ['ArchitectureTypes', 'InstanceRequirements', 'MaxResults', 'NextToken'],
  ignores: ['VirtualizationTypes'],
  handle: ({ ArchitectureTypes = [], InstanceRequirements: required, ...input }) => {
    const requirements = toRequirements(required ?? { VCpuCount: undefined, MemoryMiB: undefined });
    checkRequirements([requirements]);
    const meeting = ArchitectureTypes.filter((one) => one === 'x86_64' || one === 'arm64').flatMap(
      (architecture) => typesMeeting(requirements, architecture),
    );
    const question = { ArchitectureTypes, required };
    const { items, nextToken } = page(meeting, ({ name }) => name, { input, question });
    return { InstanceTypes: items.map(({ name }) => ({ InstanceType: name })), NextToken: nextToken };
  },
});

const PRODUCT = 'Linux/UNIX';

/** The price never moves, so its history is one entry per pool. */
const describeSpotPriceHistory = defineAction<
  DescribeSpotPriceHistoryRequest,
  DescribeSpotPriceHistoryResult
>({
  honours: ['InstanceTypes', 'ProductDescriptions', 'AvailabilityZone', 'Filters', 'MaxResults', 'NextToken'],
  ignores: ['StartTime', 'EndTime'],
  handle: (input, { network, spot, timeline }) => {
    const { InstanceTypes: names, ProductDescriptions: products, AvailabilityZone: zone } = input;
    const isAsked = ({ type, location }: Offering): boolean =>
      (names === undefined || names.includes(nameOf(type))) &&
      (zone === undefined || zone === location) &&
      (products ?? [PRODUCT]).some((product) => product.startsWith(PRODUCT));
    const pools = allInstanceTypes
      .flatMap((type) => network.subnets.map(({ zone: location }) => ({ type, location })))
      .filter(isAsked);
    const filters: FilterTable<Offering> = {
      'availability-zone': ({ location }) => [location],
      'instance-type': ({ type }) => [type.name],
      'product-description': () => [PRODUCT],
    };
    const matching = applyFilters(pools, input.Filters, filters);
    const question = { names, products, zone, filters: input.Filters };
    const { items, nextToken } = page(matching, idOfOffering, { input, question }, { ...EC2_PAGES, min: 1 });
    const SpotPriceHistory = items.map(({ type, location }) => ({
      InstanceType: nameOf(type),
      AvailabilityZone: location,
      ProductDescription: 'Linux/UNIX' as const,
      SpotPrice: spot.price(type).toFixed(6),
      Timestamp: toDate(timeline.now),
    }));
    return { SpotPriceHistory, NextToken: nextToken ?? '' };
  },
});

export const instanceTypeActions: Readonly<Record<string, Action>> = {
  DescribeInstanceTypes: describeInstanceTypes,
  DescribeInstanceTypeOfferings: describeInstanceTypeOfferings,
  GetInstanceTypesFromInstanceRequirements: getInstanceTypesFromInstanceRequirements,
  DescribeSpotPriceHistory: describeSpotPriceHistory,
};
