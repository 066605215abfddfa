/** What can be asked of, or set on, one instance: console, attributes, volumes. */
import type {
  DescribeInstanceAttributeRequest,
  DescribeVolumesRequest,
  DescribeVolumesResult,
  GetConsoleOutputRequest,
  GetConsoleOutputResult,
  InstanceAttribute,
  ModifyInstanceAttributeRequest,
} from '@aws-sdk/client-ec2';
import { consoleOutput } from '../../region/console.ts';
import { RegionError, notSimulated } from '../../region/errors.ts';
import type { MutableInstance, RegionInstance } from '../../region/instance.ts';
import type { Region } from '../../region/region.ts';
import { defineAction, toDate, type Action } from '../action.ts';
import { applyFilters, type FilterTable } from '../filters.ts';
import { page } from '../paging.ts';
import { tagList } from './instance-view.ts';

function requireInstance({ instances, timeline }: Region, instanceId = ''): MutableInstance {
  const [instance] = instances.require([instanceId], timeline.now);
  if (instance !== undefined) return instance;
  throw new RegionError('InvalidInstanceID.NotFound', `The instance ID '${instanceId}' does not exist`);
}

const getConsoleOutput = defineAction<GetConsoleOutputRequest, GetConsoleOutputResult>({
  honours: ['InstanceId'],
  // All simulated machines are Nitro machines, whose latest output can be read at any time.
  ignores: ['Latest'],
  handle: (input, region) => {
    const instance = requireInstance(region, input.InstanceId);
    const { text, postedAt } = consoleOutput(instance, region.timeline.now);
    return {
      InstanceId: instance.instanceId,
      Timestamp: toDate(postedAt),
      ...(text !== '' && { Output: Buffer.from(text).toString('base64') }),
    };
  },
});

const ATTRIBUTES: Readonly<Record<string, (instance: RegionInstance) => InstanceAttribute>> = {
  disableApiTermination: ({ terminationProtected }) => ({
    DisableApiTermination: { Value: terminationProtected },
  }),
  instanceInitiatedShutdownBehavior: ({ shutdownBehavior }) => ({
    InstanceInitiatedShutdownBehavior: { Value: shutdownBehavior },
  }),
  instanceType: ({ type }) => ({ InstanceType: { Value: type.name } }),
  userData: ({ parameters }) => ({
    UserData: parameters.userData === undefined ? {} : { Value: parameters.userData },
  }),
};

const describeInstanceAttribute = defineAction<DescribeInstanceAttributeRequest, InstanceAttribute>({
  honours: ['InstanceId', 'Attribute'],
  handle: ({ InstanceId, Attribute: attribute = '' }, region) => {
    const instance = requireInstance(region, InstanceId);
    const view = ATTRIBUTES[attribute as string];
    if (view === undefined) throw notSimulated(`the instance attribute ${attribute}`);
    return { InstanceId: instance.instanceId, ...view(instance) };
  },
});

const modifyInstanceAttribute = defineAction<ModifyInstanceAttributeRequest, object>({
  honours: ['InstanceId', 'DisableApiTermination', 'InstanceInitiatedShutdownBehavior'],
  handle: (input, region) => {
    const instance = requireInstance(region, input.InstanceId);
    const { DisableApiTermination: isProtected, InstanceInitiatedShutdownBehavior: behavior } = input;
    if (isProtected?.Value !== undefined) instance.terminationProtected = isProtected.Value;
    if (behavior?.Value === 'stop' || behavior?.Value === 'terminate')
      instance.shutdownBehavior = behavior.Value;
    return {};
  },
});

const VOLUME_FILTERS: FilterTable<RegionInstance> = {
  'attachment.instance-id': ({ instanceId }) => [instanceId],
  status: () => ['in-use'],
  'volume-id': ({ volumeId }) => [volumeId],
};

/** One root volume per instance, gone with it. */
const describeVolumes = defineAction<DescribeVolumesRequest, DescribeVolumesResult>({
  honours: ['VolumeIds', 'Filters', 'MaxResults', 'NextToken'],
  handle: ({ VolumeIds: ids = [], Filters: filters, ...input }, { instances, timeline }) => {
    const owners = instances.visible(timeline.now).filter(({ state }) => state !== 'terminated');
    const unknown = ids.find((id) => !owners.some(({ volumeId }) => volumeId === id));
    if (unknown !== undefined) {
      throw new RegionError('InvalidVolume.NotFound', `The volume '${unknown}' does not exist.`);
    }
    const named = owners.filter(({ volumeId }) => ids.length === 0 || ids.includes(volumeId));
    const tagsOf = ({ parameters }: RegionInstance) => parameters.tags?.['volume'] ?? {};
    const matching = applyFilters(named, filters, VOLUME_FILTERS, tagsOf);
    const { items, nextToken } = page(matching, ({ volumeId }) => volumeId, {
      input,
      question: { ids, filters },
    });
    const Volumes = items.map((instance) => ({
      VolumeId: instance.volumeId,
      AvailabilityZone: instance.subnet.zone,
      State: 'in-use' as const,
      VolumeType: 'gp3' as const,
      CreateTime: toDate(instance.firstLaunchedAt),
      Attachments: [
        {
          InstanceId: instance.instanceId,
          VolumeId: instance.volumeId,
          State: 'attached' as const,
          DeleteOnTermination: true,
        },
      ],
      Tags: tagList(tagsOf(instance)),
    }));
    return { Volumes, NextToken: nextToken };
  },
});

export const instanceDetailActions: Readonly<Record<string, Action>> = {
  GetConsoleOutput: getConsoleOutput,
  DescribeInstanceAttribute: describeInstanceAttribute,
  ModifyInstanceAttribute: modifyInstanceAttribute,
  DescribeVolumes: describeVolumes,
};
