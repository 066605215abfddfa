/** Documents: create, read, change, delete. */
import type {
  CreateDocumentRequest,
  CreateDocumentResult,
  DeleteDocumentRequest,
  DescribeDocumentRequest,
  DescribeDocumentResult,
  DocumentDescription,
  DocumentIdentifier,
  GetDocumentRequest,
  GetDocumentResult,
  ListDocumentsRequest,
  ListDocumentsResult,
  UpdateDocumentDefaultVersionRequest,
  UpdateDocumentDefaultVersionResult,
  UpdateDocumentRequest,
  UpdateDocumentResult,
} from '@aws-sdk/client-ssm';
import { notSimulated } from '../../region/errors.ts';
import type { Tags } from '../../region/launch-parameters.ts';
import type { Region } from '../../region/region.ts';
import type { DocumentParameter } from '../../region/ssm/document-content.ts';
import type { Document, DocumentVersion } from '../../region/ssm/documents.ts';
import { defineAction, toDate, type Action } from '../action.ts';
import { page, ssmPages } from '../paging.ts';
import { tagList } from '../ec2/instance-view.ts';

const parameterView = ([Name, parameter]: [string, DocumentParameter]) => ({
  Name,
  Type: parameter.type,
  Description: parameter.description,
  DefaultValue: typeof parameter.default === 'object' ? JSON.stringify(parameter.default) : parameter.default,
});

const identifierView = (document: Document): DocumentIdentifier => ({
  Name: document.name,
  Owner: document.owner,
  DocumentVersion: String(document.defaultVersion),
  DocumentType: 'Command',
  DocumentFormat: 'JSON',
  PlatformTypes: ['Linux', 'MacOS'],
  SchemaVersion: '2.2',
  TargetType: document.targetType,
  Tags: tagList(document.tags),
});

const descriptionView = (document: Document, version: DocumentVersion): DocumentDescription => ({
  ...identifierView(document),
  DocumentVersion: String(version.number),
  DefaultVersion: String(document.defaultVersion),
  LatestVersion: String(document.versions.length),
  CreatedDate: toDate(version.createdAt),
  Description: version.content.description,
  Hash: version.hash,
  HashType: 'Sha256',
  Parameters: Object.entries(version.content.parameters ?? {}).map(parameterView),
  Status: 'Active',
});

function latest(document: Document, { ssm }: Region): DocumentDescription {
  return descriptionView(document, ssm.documents.version(document, '$LATEST'));
}

function requireJson(format = 'JSON', type = 'Command'): void {
  if (format !== 'JSON') throw notSimulated(`documents in ${format}; write JSON`);
  if (type !== 'Command') throw notSimulated(`documents of type ${type}; use Command`);
}

const toTags = (tags: CreateDocumentRequest['Tags'] = []): Tags =>
  Object.fromEntries(tags.map(({ Key = '', Value = '' }) => [Key, Value]));

const createDocument = defineAction<CreateDocumentRequest, CreateDocumentResult>({
  honours: ['Name', 'Content', 'DocumentFormat', 'DocumentType', 'TargetType', 'Tags'],
  handle: (input, region) => {
    requireJson(input.DocumentFormat, input.DocumentType);
    const details = { targetType: input.TargetType, tags: toTags(input.Tags) };
    const { documents } = region.ssm;
    const document = documents.create(input.Name ?? '', input.Content ?? '', region.timeline.now, details);
    return { DocumentDescription: latest(document, region) };
  },
});

const updateDocument = defineAction<UpdateDocumentRequest, UpdateDocumentResult>({
  honours: ['Name', 'Content', 'DocumentFormat'],
  // Versions are only ever added to the latest one here.
  ignores: ['DocumentVersion'],
  handle: (input, region) => {
    requireJson(input.DocumentFormat);
    const { documents } = region.ssm;
    const document = documents.update(input.Name ?? '', input.Content ?? '', region.timeline.now);
    return { DocumentDescription: latest(document, region) };
  },
});

const updateDocumentDefaultVersion = defineAction<
  UpdateDocumentDefaultVersionRequest,
  UpdateDocumentDefaultVersionResult
>({
  honours: ['Name', 'DocumentVersion'],
  handle: ({ Name: name = '', DocumentVersion: version = '' }, { ssm }) => {
    const { defaultVersion } = ssm.documents.setDefaultVersion(name, version);
    return { Description: { Name: name, DefaultVersion: String(defaultVersion) } };
  },
});

const getDocument = defineAction<GetDocumentRequest, GetDocumentResult>({
  honours: ['Name', 'DocumentVersion', 'DocumentFormat'],
  handle: ({ Name: name = '', DocumentVersion: asked, DocumentFormat: format }, { ssm }) => {
    requireJson(format);
    const document = ssm.documents.require(name);
    const version = ssm.documents.version(document, asked);
    return {
      Name: name,
      Content: version.text,
      CreatedDate: toDate(version.createdAt),
      DocumentFormat: 'JSON',
      DocumentType: 'Command',
      DocumentVersion: String(version.number),
      Status: 'Active',
    };
  },
});

const describeDocument = defineAction<DescribeDocumentRequest, DescribeDocumentResult>({
  honours: ['Name', 'DocumentVersion'],
  handle: ({ Name: name = '', DocumentVersion: asked }, { ssm }) => {
    const document = ssm.documents.require(name);
    return { Document: descriptionView(document, ssm.documents.version(document, asked)) };
  },
});

const deleteDocument = defineAction<DeleteDocumentRequest, object>({
  honours: ['Name'],
  handle: ({ Name: name = '' }, { ssm }) => {
    ssm.documents.delete(name);
    return {};
  },
});

const listDocuments = defineAction<ListDocumentsRequest, ListDocumentsResult>({
  honours: ['Filters', 'MaxResults', 'NextToken'],
  handle: ({ Filters: filters = [], ...input }, { ssm, settings }) => {
    const matching = ssm.documents.all.filter((document) =>
      filters.every(({ Key: key = '', Values: values = [] }) => {
        if (key === 'Owner')
          return values.includes(document.owner === settings.accountId ? 'Self' : document.owner);
        if (key === 'Name') return values.some((prefix) => document.name.startsWith(prefix));
        if (key === 'DocumentType') return values.includes('Command');
        throw notSimulated(`the document filter ${key}`);
      }),
    );
    const { items, nextToken } = page(
      matching,
      ({ name }) => name,
      { input, question: filters },
      ssmPages(1, 50),
    );
    return { DocumentIdentifiers: items.map(identifierView), NextToken: nextToken };
  },
});

export const documentActions: Readonly<Record<string, Action>> = {
  CreateDocument: createDocument,
  UpdateDocument: updateDocument,
  UpdateDocumentDefaultVersion: updateDocumentDefaultVersion,
  GetDocument: getDocument,
  DescribeDocument: describeDocument,
  DeleteDocument: deleteDocument,
  ListDocuments: listDocuments,
};
