/** DescribeInstanceInformation, and the tags of managed nodes and documents. */
import type {
  AddTagsToResourceRequest,
  DescribeInstanceInformationRequest,
  DescribeInstanceInformationResult,
  InstanceInformation,
  ListTagsForResourceRequest,
  ListTagsForResourceResult,
} from '@aws-sdk/client-ssm';
import { RegionError, notSimulated } from '../../region/errors.ts';
import type { Tags } from '../../region/launch-parameters.ts';
import type { Region } from '../../region/region.ts';
import type { ManagedNode } from '../../region/ssm/nodes.ts';
import { defineAction, toDate, type Action } from '../action.ts';
import { applyFilters, type FilterTable } from '../filters.ts';
import { tagList } from '../ec2/instance-view.ts';
import { page, ssmPages } from '../paging.ts';

const isHybrid = ({ instanceId }: ManagedNode): boolean => instanceId.startsWith('mi-');
const pingStatus = ({ agent }: ManagedNode): 'Online' | 'ConnectionLost' =>
  agent === 'lost' ? 'ConnectionLost' : 'Online';

const nodeView = (node: ManagedNode, { settings }: Region): InstanceInformation => ({
  InstanceId: node.instanceId,
  ComputerName: node.name,
  IPAddress: node.address,
  PingStatus: pingStatus(node),
  LastPingDateTime: toDate(node.lastPingAt),
  AgentVersion: settings.ssmAgentVersion,
  IsLatestVersion: false,
  PlatformType: 'Linux',
  PlatformName: 'NixOS',
  PlatformVersion: '26.05',
  ResourceType: isHybrid(node) ? 'ManagedInstance' : 'EC2Instance',
  ...(isHybrid(node) && { RegistrationDate: toDate(node.registeredAt) }),
});

const FILTERS: FilterTable<ManagedNode> = {
  InstanceIds: ({ instanceId }) => [instanceId],
  PingStatus: (node) => [pingStatus(node)],
  PlatformTypes: () => ['Linux'],
  ResourceType: (node) => [isHybrid(node) ? 'ManagedInstance' : 'EC2Instance'],
  'tag-key': ({ tags }) => Object.keys(tags),
};

const describeInstanceInformation = defineAction<
  DescribeInstanceInformationRequest,
  DescribeInstanceInformationResult
>({
  honours: ['Filters', 'InstanceInformationFilterList', 'MaxResults', 'NextToken'],
  handle: (input, region) => {
    const filters = [
      ...(input.Filters ?? []).map(({ Key, Values }) => ({ Name: Key, Values })),
      ...(input.InstanceInformationFilterList ?? []).map(({ key, valueSet }) => ({
        Name: key,
        Values: valueSet,
      })),
    ];
    const matching = applyFilters(region.ssm.nodes.all, filters, FILTERS, ({ tags }) => tags);
    const limits = { ...ssmPages(5, 50), default: 10 };
    const { items, nextToken } = page(
      matching,
      ({ instanceId }) => instanceId,
      { input, question: filters },
      limits,
    );
    return { InstanceInformationList: items.map((node) => nodeView(node, region)), NextToken: nextToken };
  },
});

/** Reads and writes the tags of a managed node or a document. @throws RegionError `InvalidResourceId` */
function taggable(
  { ssm }: Region,
  type = '',
  id = '',
): { readonly tags: Tags; readonly set: (tags: Tags) => void } {
  if (type === 'Document') {
    return { tags: ssm.documents.require(id).tags, set: (tags) => ssm.documents.setTags(id, tags) };
  }
  if (type !== 'ManagedInstance') throw notSimulated(`tags of SSM resources of type ${type}`);
  const node = ssm.nodes.find(id);
  if (node === undefined) throw new RegionError('InvalidResourceId', `${id} is no managed node.`);
  return { tags: node.tags, set: (tags) => ssm.nodes.setTags(id, tags) };
}

export const nodeActions: Readonly<Record<string, Action>> = {
  DescribeInstanceInformation: describeInstanceInformation,
  AddTagsToResource: defineAction<AddTagsToResourceRequest, object>({
    honours: ['ResourceType', 'ResourceId', 'Tags'],
    handle: ({ ResourceType, ResourceId, Tags: added = [] }, region) => {
      const resource = taggable(region, ResourceType, ResourceId);
      const more = Object.fromEntries(added.map(({ Key = '', Value = '' }) => [Key, Value]));
      resource.set({ ...resource.tags, ...more });
      return {};
    },
  }),
  ListTagsForResource: defineAction<ListTagsForResourceRequest, ListTagsForResourceResult>({
    honours: ['ResourceType', 'ResourceId'],
    handle: ({ ResourceType, ResourceId }, region) => ({
      TagList: tagList(taggable(region, ResourceType, ResourceId).tags),
    }),
  }),
};
