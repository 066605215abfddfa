/** DescribeSpotInstanceRequests and CancelSpotInstanceRequests. */
import type {
  CancelSpotInstanceRequestsRequest,
  CancelSpotInstanceRequestsResult,
  DescribeSpotInstanceRequestsRequest,
  DescribeSpotInstanceRequestsResult,
  SpotInstanceRequest,
} from '@aws-sdk/client-ec2';
import { RegionError } from '../../region/errors.ts';
import type { SpotRequest } from '../../region/spot.ts';
import { defineAction, toDate, type Action } from '../action.ts';
import { applyFilters, tagFilters, type FilterTable } from '../filters.ts';
import { page } from '../paging.ts';
import { tagList } from './instance-view.ts';

const FILTERS: FilterTable<SpotRequest> = {
  ...tagFilters<SpotRequest>(({ tags }) => tags),
  'instance-id': ({ instance }) => [instance.instanceId],
  'launched-availability-zone': ({ instance }) => [instance.subnet.zone],
  'spot-instance-request-id': ({ id }) => [id],
  state: ({ state }) => [state],
  'status-code': ({ statusCode }) => [statusCode],
  type: () => ['one-time'],
};

const requestView = (request: SpotRequest): SpotInstanceRequest => ({
  SpotInstanceRequestId: request.id,
  InstanceId: request.instance.instanceId,
  InstanceInterruptionBehavior: 'terminate',
  State: request.state,
  Status: {
    Code: request.statusCode,
    Message: request.statusCode.replaceAll('-', ' '),
    UpdateTime: toDate(request.statusAt),
  },
  Type: 'one-time',
  ProductDescription: 'Linux/UNIX',
  CreateTime: toDate(request.createdAt),
  LaunchedAvailabilityZone: request.instance.subnet.zone,
  ...(request.priceMax !== undefined && { SpotPrice: request.priceMax.toFixed(6) }),
  Tags: tagList(request.tags),
});

const describeSpotInstanceRequests = defineAction<
  DescribeSpotInstanceRequestsRequest,
  DescribeSpotInstanceRequestsResult
>({
  honours: ['SpotInstanceRequestIds', 'Filters', 'MaxResults', 'NextToken'],
  handle: ({ SpotInstanceRequestIds: ids = [], Filters: filters, ...input }, { spot }) => {
    const unknown = ids.find((id) => !spot.requests.some((request) => request.id === id));
    if (unknown !== undefined) {
      throw new RegionError(
        'InvalidSpotInstanceRequestID.NotFound',
        `The spot instance request ID '${unknown}' does not exist`,
      );
    }
    const named = spot.requests.filter(({ id }) => ids.length === 0 || ids.includes(id));
    const matching = applyFilters(named, filters, FILTERS, ({ tags }) => tags);
    const { items, nextToken } = page(matching, ({ id }) => id, { input, question: { ids, filters } });
    return { SpotInstanceRequests: items.map(requestView), NextToken: nextToken };
  },
});

const cancelSpotInstanceRequests = defineAction<
  CancelSpotInstanceRequestsRequest,
  CancelSpotInstanceRequestsResult
>({
  honours: ['SpotInstanceRequestIds'],
  handle: ({ SpotInstanceRequestIds: ids = [] }, { spot }) => ({
    CancelledSpotInstanceRequests: spot
      .cancel(ids)
      .map(({ id, state }) => ({ SpotInstanceRequestId: id, State: state })),
  }),
});

export const spotActions: Readonly<Record<string, Action>> = {
  DescribeSpotInstanceRequests: describeSpotInstanceRequests,
  CancelSpotInstanceRequests: cancelSpotInstanceRequests,
};
