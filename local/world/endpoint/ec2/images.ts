/** DescribeImages. */
import type { DescribeImagesRequest, DescribeImagesResult, Image as ImageView } from '@aws-sdk/client-ec2';
import { PLAIN_LINUX, type Image } from '../../region/images.ts';
import { defineAction, toDate, type Action } from '../action.ts';
import { applyFilters, type FilterTable } from '../filters.ts';
import { page } from '../paging.ts';

const FILTERS: FilterTable<Image> = {
  architecture: ({ architecture }) => [architecture],
  'creation-date': ({ createdAt }) => [toDate(createdAt).toISOString()],
  'image-id': ({ imageId }) => [imageId],
  'image-type': () => ['machine'],
  'is-public': () => ['true'],
  name: ({ name }) => [name],
  'owner-id': ({ ownerId }) => [ownerId],
  'root-device-type': () => ['ebs'],
  state: () => ['available'],
  'virtualization-type': () => ['hvm'],
};

const imageView = (image: Image): ImageView => ({
  ImageId: image.imageId,
  ImageLocation: `${image.ownerId}/${image.name}`,
  ImageType: 'machine',
  Name: image.name,
  OwnerId: image.ownerId,
  Architecture: image.architecture,
  CreationDate: toDate(image.createdAt).toISOString(),
  State: 'available',
  Public: true,
  PlatformDetails: image.platform ?? PLAIN_LINUX,
  UsageOperation: 'RunInstances',
  RootDeviceName: '/dev/xvda',
  RootDeviceType: 'ebs',
  VirtualizationType: 'hvm',
  Hypervisor: 'xen',
  EnaSupport: true,
  ProductCodes:
    image.marketplaceCode === undefined
      ? []
      : [{ ProductCodeId: image.marketplaceCode, ProductCodeType: 'marketplace' }],
});

const describeImages = defineAction<DescribeImagesRequest, DescribeImagesResult>({
  honours: ['ImageIds', 'Owners', 'Filters', 'MaxResults', 'NextToken'],
  ignores: ['IncludeDeprecated', 'IncludeDisabled'],
  handle: ({ ImageIds: ids = [], Owners: owners = [], Filters: filters, ...input }, { images, settings }) => {
    const named = ids.length > 0 ? ids.map((id) => images.require(id)) : images.all;
    const accounts = owners.map((owner) => (owner === 'self' ? settings.accountId : owner));
    const owned = named.filter(({ ownerId }) => accounts.length === 0 || accounts.includes(ownerId));
    const matching = applyFilters(owned, filters, FILTERS);
    const { items, nextToken } = page(matching, ({ imageId }) => imageId, {
      input,
      question: { ids, owners, filters },
    });
    return { Images: items.map(imageView), NextToken: nextToken };
  },
});

export const imageActions: Readonly<Record<string, Action>> = { DescribeImages: describeImages };
