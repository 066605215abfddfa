/** DescribeInstances and DescribeInstanceStatus. */
import type {
  DescribeInstancesRequest,
  DescribeInstancesResult,
  DescribeInstanceStatusRequest,
  DescribeInstanceStatusResult,
  InstanceStatusSummary,
} from '@aws-sdk/client-ec2';
import { RegionError } from '../../region/errors.ts';
import type { RegionInstance } from '../../region/instance.ts';
import type { Region } from '../../region/region.ts';
import type { CallCost } from '../../region/throttle.ts';
import { defineAction, type Action } from '../action.ts';
import { applyFilters, tagFilters, type Filter, type FilterTable } from '../filters.ts';
import { page, type PagedInput } from '../paging.ts';
import { reservationViews, stateView } from './instance-view.ts';

const FILTERS: FilterTable<RegionInstance> = {
  ...tagFilters<RegionInstance>(({ tags }) => tags),
  architecture: ({ type }) => [type.architecture],
  'availability-zone': ({ subnet }) => [subnet.zone],
  'client-token': ({ clientToken }) => [clientToken],
  'image-id': ({ image }) => [image.imageId],
  'instance-id': ({ instanceId }) => [instanceId],
  'instance-lifecycle': ({ market }) => [market === 'spot' ? 'spot' : undefined],
  'instance-state-code': ({ state }) => [String(stateView(state).Code)],
  'instance-state-name': ({ state }) => [state],
  'instance-type': ({ type }) => [type.name],
  'launch-time': ({ startedAt }) => [new Date(startedAt * 1000).toISOString()],
  'network-interface.addresses.private-ip-address': liveAddress,
  'private-ip-address': liveAddress,
  'reservation-id': ({ reservationId }) => [reservationId],
  'spot-instance-request-id': ({ spotRequestId }) => [spotRequestId],
  'state-reason-code': ({ stateReason }) => [stateReason?.code],
  'subnet-id': ({ subnet, state }) => [state === 'terminated' ? undefined : subnet.subnetId],
  'vpc-id': ({ subnet, state }) => [state === 'terminated' ? undefined : subnet.vpcId],
};

/** A terminated instance has given its address back. */
function liveAddress({ address, state }: RegionInstance): readonly (string | undefined)[] {
  return [state === 'terminated' ? undefined : address];
}

interface Question extends PagedInput {
  readonly InstanceIds?: readonly string[] | undefined;
  readonly Filters?: readonly Filter[] | undefined;
}

/** The instances a Describe call is about, one page of them. */
function select(input: Question, region: Region, isOfInterest: (instance: RegionInstance) => boolean) {
  const { InstanceIds: ids = [], Filters: filters } = input;
  if (ids.length > 0 && input.MaxResults !== undefined) {
    throw new RegionError(
      'InvalidParameterCombination',
      'The parameter instancesSet cannot be used with the parameter maxResults',
    );
  }
  const { now } = region.timeline;
  const known = ids.length > 0 ? region.instances.require(ids, now) : region.instances.visible(now);
  const matching = applyFilters(known.filter(isOfInterest), filters, FILTERS, ({ tags }) => tags);
  const isById = ids.length > 0 || filters?.some(({ Name }) => Name === 'instance-id') === true;
  return page(region.listings.shown(matching, isById), ({ instanceId }) => instanceId, {
    input,
    question: {
      ids,
      filters,
    },
  });
}

const costOf = ({ InstanceIds, Filters, MaxResults, NextToken }: Question): CallCost => ({
  unfiltered:
    (InstanceIds ?? []).length + (Filters ?? []).length === 0 && (MaxResults ?? NextToken) === undefined,
});

const QUESTION = ['InstanceIds', 'Filters', 'MaxResults', 'NextToken'] as const;

const describeInstances = defineAction<DescribeInstancesRequest, DescribeInstancesResult>({
  honours: QUESTION,
  cost: costOf,
  handle: (input, region) => {
    const { items, nextToken } = select(input, region, () => true);
    return { Reservations: reservationViews(items, region), NextToken: nextToken };
  },
});

/** Status checks pass once sshd answers; on AWS they need some minutes more. */
const statusOf = ({ bootedAt }: RegionInstance): InstanceStatusSummary =>
  bootedAt === undefined
    ? { Status: 'initializing', Details: [{ Name: 'reachability', Status: 'initializing' }] }
    : { Status: 'ok', Details: [{ Name: 'reachability', Status: 'passed' }] };

const describeInstanceStatus = defineAction<DescribeInstanceStatusRequest, DescribeInstanceStatusResult>({
  honours: [...QUESTION, 'IncludeAllInstances'],
  cost: costOf,
  handle: (input, region) => {
    const wantsAll = input.IncludeAllInstances ?? false;
    const { items, nextToken } = select(input, region, ({ state }) => wantsAll || state === 'running');
    const InstanceStatuses = items.map((instance) => ({
      InstanceId: instance.instanceId,
      AvailabilityZone: instance.subnet.zone,
      InstanceState: stateView(instance.state),
      InstanceStatus: statusOf(instance),
      SystemStatus: statusOf(instance),
      Events: [],
    }));
    return { InstanceStatuses, NextToken: nextToken };
  },
});

export const describeInstanceActions: Readonly<Record<string, Action>> = {
  DescribeInstances: describeInstances,
  DescribeInstanceStatus: describeInstanceStatus,
};
