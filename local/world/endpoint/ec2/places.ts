/** Where instances can be: regions, zones, networks, subnets and security groups. */
import type {
  AvailabilityZone,
  DescribeAvailabilityZonesRequest,
  DescribeAvailabilityZonesResult,
  DescribeRegionsRequest,
  DescribeRegionsResult,
  DescribeSecurityGroupsRequest,
  DescribeSecurityGroupsResult,
  DescribeSubnetsRequest,
  DescribeSubnetsResult,
  DescribeVpcsRequest,
  DescribeVpcsResult,
} from '@aws-sdk/client-ec2';
import { RegionError } from '../../region/errors.ts';
import type { Subnet } from '../../region/network.ts';
import { defineAction, type Action } from '../action.ts';
import { applyFilters, type FilterTable } from '../filters.ts';
import { page } from '../paging.ts';

/** The named ones, or all. @throws RegionError `code` for an unknown name */
function choose<T>(
  all: readonly T[],
  names: readonly string[] = [],
  nameOf: (item: T) => string,
  code: string,
): readonly T[] {
  const unknown = names.find((name) => !all.some((item) => nameOf(item) === name));
  if (unknown !== undefined) throw new RegionError(code, `'${unknown}' does not exist`);
  return names.length === 0 ? all : all.filter((item) => names.includes(nameOf(item)));
}

const SUBNET_FILTERS: FilterTable<Subnet> = {
  'availability-zone': ({ zone }) => [zone],
  availabilityZone: ({ zone }) => [zone],
  'cidr-block': ({ cidr }) => [cidr],
  'default-for-az': () => ['true'],
  state: () => ['available'],
  'subnet-id': ({ subnetId }) => [subnetId],
  'vpc-id': ({ vpcId }) => [vpcId],
};

const describeSubnets = defineAction<DescribeSubnetsRequest, DescribeSubnetsResult>({
  honours: ['SubnetIds', 'Filters', 'MaxResults', 'NextToken'],
  handle: (input, { network, settings }) => {
    const chosen = choose(
      network.subnets,
      input.SubnetIds,
      ({ subnetId }) => subnetId,
      'InvalidSubnetID.NotFound',
    );
    const matching = applyFilters(chosen, input.Filters, SUBNET_FILTERS, () => ({}));
    const question = [input.SubnetIds, input.Filters];
    const { items, nextToken } = page(matching, ({ subnetId }) => subnetId, { input, question });
    const Subnets = items.map((subnet) => ({
      SubnetId: subnet.subnetId,
      VpcId: subnet.vpcId,
      AvailabilityZone: subnet.zone,
      AvailabilityZoneId: subnet.zoneId,
      CidrBlock: subnet.cidr,
      AvailableIpAddressCount: network.freeAddresses(subnet.subnetId),
      DefaultForAz: true,
      MapPublicIpOnLaunch: false,
      OwnerId: settings.accountId,
      State: 'available' as const,
      Tags: [],
    }));
    return { Subnets, NextToken: nextToken };
  },
});

const describeVpcs = defineAction<DescribeVpcsRequest, DescribeVpcsResult>({
  honours: ['VpcIds', 'Filters', 'MaxResults', 'NextToken'],
  handle: (input, { network, settings }) => {
    const vpc = { id: network.vpcId, cidr: network.vpcCidr };
    const chosen = choose([vpc], input.VpcIds, ({ id }) => id, 'InvalidVpcID.NotFound');
    const filters: FilterTable<typeof vpc> = {
      'cidr-block': ({ cidr }) => [cidr],
      'is-default': () => ['true'],
      isDefault: () => ['true'],
      state: () => ['available'],
      'vpc-id': ({ id }) => [id],
    };
    const matching = applyFilters(chosen, input.Filters, filters, () => ({}));
    const { items, nextToken } = page(matching, ({ id }) => id, {
      input,
      question: [input.VpcIds, input.Filters],
    });
    const Vpcs = items.map(({ id, cidr }) => ({
      VpcId: id,
      CidrBlock: cidr,
      IsDefault: true,
      OwnerId: settings.accountId,
      State: 'available' as const,
      Tags: [],
    }));
    return { Vpcs, NextToken: nextToken };
  },
});

const describeAvailabilityZones = defineAction<
  DescribeAvailabilityZonesRequest,
  DescribeAvailabilityZonesResult
>({
  honours: ['ZoneNames', 'Filters'],
  handle: (input, { network, settings }) => {
    const chosen = choose(network.subnets, input.ZoneNames, ({ zone }) => zone, 'InvalidParameterValue');
    const filters: FilterTable<Subnet> = {
      'region-name': () => [settings.regionName],
      state: () => ['available'],
      'zone-id': ({ zoneId }) => [zoneId],
      'zone-name': ({ zone }) => [zone],
      'zone-type': () => ['availability-zone'],
    };
    const zones = applyFilters(chosen, input.Filters, filters).map(({ zone, zoneId }): AvailabilityZone => ({
      ZoneName: zone,
      ZoneId: zoneId,
      ZoneType: 'availability-zone',
      RegionName: settings.regionName,
      State: 'available',
      OptInStatus: 'opt-in-not-required',
    }));
    return { AvailabilityZones: zones };
  },
});

const describeRegions = defineAction<DescribeRegionsRequest, DescribeRegionsResult>({
  honours: ['RegionNames'],
  ignores: ['AllRegions'],
  handle: (input, { settings }) => {
    const names = choose([settings.regionName], input.RegionNames, (name) => name, 'InvalidParameterValue');
    const Regions = names.map((RegionName) => ({
      RegionName,
      Endpoint: `ec2.${RegionName}.amazonaws.com`,
      OptInStatus: 'opt-in-not-required',
    }));
    return { Regions };
  },
});

const describeSecurityGroups = defineAction<DescribeSecurityGroupsRequest, DescribeSecurityGroupsResult>({
  honours: ['GroupIds', 'GroupNames', 'Filters', 'MaxResults', 'NextToken'],
  handle: (input, { network, settings }) => {
    const group = { id: network.securityGroupId, name: 'default' };
    const byId = choose([group], input.GroupIds, ({ id }) => id, 'InvalidGroup.NotFound');
    const chosen = choose(byId, input.GroupNames, ({ name }) => name, 'InvalidGroup.NotFound');
    const filters: FilterTable<typeof group> = {
      'group-id': ({ id }) => [id],
      'group-name': ({ name }) => [name],
      'vpc-id': () => [network.vpcId],
    };
    const matching = applyFilters(chosen, input.Filters, filters, () => ({}));
    const { items, nextToken } = page(matching, ({ id }) => id, {
      input,
      question: [input.GroupIds, input.Filters],
    });
    const SecurityGroups = items.map(({ id, name }) => ({
      GroupId: id,
      GroupName: name,
      Description: 'default VPC security group',
      VpcId: network.vpcId,
      OwnerId: settings.accountId,
      IpPermissions: [],
      IpPermissionsEgress: [],
      Tags: [],
    }));
    return { SecurityGroups, NextToken: nextToken };
  },
});

export const placeActions: Readonly<Record<string, Action>> = {
  DescribeSubnets: describeSubnets,
  DescribeVpcs: describeVpcs,
  DescribeAvailabilityZones: describeAvailabilityZones,
  DescribeRegions: describeRegions,
  DescribeSecurityGroups: describeSecurityGroups,
};
