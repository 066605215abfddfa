/** CreateTags, DeleteTags, DescribeTags: for instances. */
import type {
  CreateTagsRequest,
  DeleteTagsRequest,
  DescribeTagsRequest,
  DescribeTagsResult,
  TagDescription,
} from '@aws-sdk/client-ec2';
import { notSimulated } from '../../region/errors.ts';
import type { MutableInstance } from '../../region/instance.ts';
import type { Region } from '../../region/region.ts';
import { addTags, removeTags, usersTags } from '../../region/tags.ts';
import { defineAction, type Action } from '../action.ts';
import { applyFilters, type FilterTable } from '../filters.ts';
import { page } from '../paging.ts';
import { toTags } from './launch-input.ts';

function taggedInstances(region: Region, resources: readonly string[]): readonly MutableInstance[] {
  const other = resources.find((id) => !id.startsWith('i-'));
  if (other !== undefined) throw notSimulated(`tags of ${other} after its creation`);
  return region.instances.require(resources, region.timeline.now);
}

const createTags = defineAction<CreateTagsRequest, object>({
  honours: ['Resources', 'Tags'],
  handle: ({ Resources: resources = [], Tags: tags }, region) => {
    for (const instance of taggedInstances(region, resources)) addTags(instance, toTags(tags));
    return {};
  },
});

const deleteTags = defineAction<DeleteTagsRequest, object>({
  honours: ['Resources', 'Tags'],
  handle: ({ Resources: resources = [], Tags: tags }, region) => {
    for (const instance of taggedInstances(region, resources)) {
      const all = usersTags(instance).map((key) => ({ key }));
      const named = tags?.map(({ Key: key = '', Value: value }) => ({ key, value }));
      removeTags(instance, named ?? all);
    }
    return {};
  },
});

const TAG_FILTERS: FilterTable<TagDescription> = {
  key: ({ Key }) => [Key],
  'resource-id': ({ ResourceId }) => [ResourceId],
  'resource-type': ({ ResourceType }) => [ResourceType],
  value: ({ Value }) => [Value],
};

const describeTags = defineAction<DescribeTagsRequest, DescribeTagsResult>({
  honours: ['Filters', 'MaxResults', 'NextToken'],
  handle: ({ Filters: filters, ...input }, { instances, timeline }) => {
    const all = instances.visible(timeline.now).flatMap(({ instanceId, tags }) =>
      Object.entries(tags).map(([Key, Value]): TagDescription => ({
        Key,
        Value,
        ResourceId: instanceId,
        ResourceType: 'instance',
      })),
    );
    const idOf = ({ ResourceId = '', Key = '' }: TagDescription): string => `${ResourceId} ${Key}`;
    const { items, nextToken } = page(applyFilters(all, filters, TAG_FILTERS), idOf, {
      input,
      question: filters,
    });
    return { Tags: [...items], NextToken: nextToken };
  },
});

export const tagActions: Readonly<Record<string, Action>> = {
  CreateTags: createTags,
  DeleteTags: deleteTags,
  DescribeTags: describeTags,
};
