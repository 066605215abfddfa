/** Launch templates: create, version, describe, delete. */
import type {
  CreateLaunchTemplateRequest,
  CreateLaunchTemplateResult,
  CreateLaunchTemplateVersionRequest,
  CreateLaunchTemplateVersionResult,
  DeleteLaunchTemplateRequest,
  DeleteLaunchTemplateResult,
  DescribeLaunchTemplatesRequest,
  DescribeLaunchTemplatesResult,
  DescribeLaunchTemplateVersionsRequest,
  DescribeLaunchTemplateVersionsResult,
  LaunchTemplate as LaunchTemplateView,
  LaunchTemplateVersion as VersionView,
  RequestLaunchTemplateData,
} from '@aws-sdk/client-ec2';
import { notSimulated } from '../../region/errors.ts';
import type { LaunchParameters } from '../../region/launch-parameters.ts';
import type { LaunchTemplate, LaunchTemplateVersion } from '../../region/launch-templates.ts';
import { checkTags } from '../../region/tags.ts';
import { defineAction, toDate, type Action } from '../action.ts';
import { applyFilters, tagFilters, type FilterTable } from '../filters.ts';
import { EC2_PAGES, page } from '../paging.ts';
import { tagList } from './instance-view.ts';
import {
  EFFECTIVE_LAUNCH_MEMBERS,
  INERT_LAUNCH_MEMBERS,
  templateDataView,
  toLaunchParameters,
  toTagsByResource,
} from './launch-input.ts';

const KNOWN = new Set<string>([...EFFECTIVE_LAUNCH_MEMBERS, ...INERT_LAUNCH_MEMBERS]);

function toParameters(data: RequestLaunchTemplateData = {}): LaunchParameters {
  const unknown = Object.keys(data).find((name) => !KNOWN.has(name));
  if (unknown !== undefined) throw notSimulated(`the parameter LaunchTemplateData.${unknown}`);
  return toLaunchParameters(data);
}

const templateView = (template: LaunchTemplate): LaunchTemplateView => ({
  LaunchTemplateId: template.id,
  LaunchTemplateName: template.name,
  CreateTime: toDate(template.createdAt),
  DefaultVersionNumber: template.defaultVersion,
  LatestVersionNumber: template.versions.length,
  Tags: tagList(template.tags),
});

const versionView = (template: LaunchTemplate, version: LaunchTemplateVersion): VersionView => ({
  LaunchTemplateId: template.id,
  LaunchTemplateName: template.name,
  VersionNumber: version.number,
  VersionDescription: version.description,
  CreateTime: toDate(version.createdAt),
  DefaultVersion: version.number === template.defaultVersion,
  LaunchTemplateData: templateDataView(version.parameters),
});

const createLaunchTemplate = defineAction<CreateLaunchTemplateRequest, CreateLaunchTemplateResult>({
  honours: ['LaunchTemplateName', 'LaunchTemplateData', 'VersionDescription', 'TagSpecifications'],
  ignores: ['ClientToken'],
  handle: (input, { templates, timeline }) => {
    const tags = toTagsByResource(input.TagSpecifications)['launch-template'] ?? {};
    checkTags(tags);
    const parameters = toParameters(input.LaunchTemplateData);
    const details = { description: input.VersionDescription, tags };
    const template = templates.create(input.LaunchTemplateName ?? '', parameters, timeline.now, details);
    return { LaunchTemplate: templateView(template) };
  },
});

const createLaunchTemplateVersion = defineAction<
  CreateLaunchTemplateVersionRequest,
  CreateLaunchTemplateVersionResult
>({
  honours: ['LaunchTemplateId', 'LaunchTemplateName', 'LaunchTemplateData', 'VersionDescription'],
  ignores: ['ClientToken'],
  handle: (input, { templates, timeline }) => {
    const reference = { id: input.LaunchTemplateId, name: input.LaunchTemplateName };
    const parameters = toParameters(input.LaunchTemplateData);
    const added = templates.addVersion(reference, parameters, timeline.now, input.VersionDescription);
    return { LaunchTemplateVersion: versionView(added.template, added.version) };
  },
});

const deleteLaunchTemplate = defineAction<DeleteLaunchTemplateRequest, DeleteLaunchTemplateResult>({
  honours: ['LaunchTemplateId', 'LaunchTemplateName'],
  handle: (input, { templates }) => {
    const reference = { id: input.LaunchTemplateId, name: input.LaunchTemplateName };
    return { LaunchTemplate: templateView(templates.delete(reference)) };
  },
});

const FILTERS: FilterTable<LaunchTemplate> = {
  ...tagFilters<LaunchTemplate>(({ tags }) => tags),
  'launch-template-name': ({ name }) => [name],
};

const describeLaunchTemplates = defineAction<DescribeLaunchTemplatesRequest, DescribeLaunchTemplatesResult>({
  honours: ['LaunchTemplateIds', 'LaunchTemplateNames', 'Filters', 'MaxResults', 'NextToken'],
  handle: ({ LaunchTemplateIds: ids = [], LaunchTemplateNames: names = [], ...input }, { templates }) => {
    const named = [
      ...ids.map((id) => templates.require({ id })),
      ...names.map((name) => templates.require({ name })),
    ];
    const candidates = ids.length + names.length > 0 ? named : templates.all;
    const matching = applyFilters(candidates, input.Filters, FILTERS, ({ tags }) => tags);
    const question = { ids, names, filters: input.Filters };
    const limits = { ...EC2_PAGES, min: 1, max: 200 };
    const { items, nextToken } = page(matching, ({ id }) => id, { input, question }, limits);
    return { LaunchTemplates: items.map(templateView), NextToken: nextToken };
  },
});

const describeLaunchTemplateVersions = defineAction<
  DescribeLaunchTemplateVersionsRequest,
  DescribeLaunchTemplateVersionsResult
>({
  honours: ['LaunchTemplateId', 'LaunchTemplateName', 'Versions'],
  handle: (input, { templates }) => {
    const reference = { id: input.LaunchTemplateId, name: input.LaunchTemplateName };
    const template = templates.require(reference);
    const versions = input.Versions?.map((version) => templates.resolve({ ...reference, version }).version);
    const views = (versions ?? template.versions).map((version) => versionView(template, version));
    return { LaunchTemplateVersions: views };
  },
});

export const templateActions: Readonly<Record<string, Action>> = {
  CreateLaunchTemplate: createLaunchTemplate,
  CreateLaunchTemplateVersion: createLaunchTemplateVersion,
  DeleteLaunchTemplate: deleteLaunchTemplate,
  DescribeLaunchTemplates: describeLaunchTemplates,
  DescribeLaunchTemplateVersions: describeLaunchTemplateVersions,
};
