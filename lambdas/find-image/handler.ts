/**
 * The function behind a CloudFormation resource: it finds the newest image once, when the resource is made, and stands
 * by its answer ever after, because another image would replace the machine that was made from it.
 */
import { EC2Client } from '@aws-sdk/client-ec2';
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { ImageFinder, imageInWords } from '../aws/ec2/images.ts';
import type { Image } from '../core/config/image.ts';
import { tellCloudFormation } from './tell-cloudformation.ts';
import type { ResourceResponse } from './tell-cloudformation.ts';

/** What CloudFormation sends, as far as it is used (AWS: docs/develop/facts.md#cloudformation-custom-resources). */
const requestSchema = z.object({
  RequestType: z.enum(['Create', 'Update', 'Delete']),
  ResponseURL: z.url(),
  StackId: z.string(),
  RequestId: z.string(),
  LogicalResourceId: z.string(),
  PhysicalResourceId: z.string().optional(),
  ResourceProperties: z.object({
    Owner: z.string(),
    Name: z.string(),
    Architecture: z.enum(['x86_64', 'arm64']),
  }),
});

type ResourceRequest = z.output<typeof requestSchema>;

export interface ImageResourceProps {
  /** Undefined where there is no such image; throws where AWS cannot be asked. */
  readonly find: (image: Image) => Promise<string | undefined>;
  /** Tells CloudFormation, which waits for an hour otherwise. */
  readonly respond: (url: string, response: ResourceResponse) => Promise<void>;
}

/** The handler. It throws only when it does not understand the request, or cannot answer it. */
export function createHandler({ find, respond }: ImageResourceProps): (event: unknown) => Promise<void> {
  return async (event) => {
    const request = requestSchema.parse(event);
    await respond(request.ResponseURL, await answer(request, find));
  };
}

async function answer(request: ResourceRequest, find: ImageResourceProps['find']): Promise<ResourceResponse> {
  const { StackId, RequestId, LogicalResourceId, PhysicalResourceId, ResourceProperties } = request;
  const about = { StackId, RequestId, LogicalResourceId };
  const succeed = (id: string): ResourceResponse => ({
    ...about,
    Status: 'SUCCESS',
    PhysicalResourceId: id,
    Data: { ImageId: id },
  });
  if (request.RequestType !== 'Create' && PhysicalResourceId !== undefined)
    return succeed(PhysicalResourceId);
  const fail = (reason: string): ResourceResponse => ({
    ...about,
    Status: 'FAILED',
    Reason: reason,
    PhysicalResourceId: PhysicalResourceId ?? 'none',
  });
  const { Owner, Name, Architecture } = ResourceProperties;
  const image: Image = { owner: Owner, name: Name, architecture: Architecture };
  try {
    const id = await find(image);
    return id === undefined ? fail(`there is no image ${imageInWords(image)} in this region`) : succeed(id);
  } catch (error) {
    return fail(`EC2 could not be asked for images: ${String(error)}`);
  }
}

const clock = { now: () => Date.now() / 1000, sleep: (seconds: number) => sleep(seconds * 1000) };

/** Lambda's entry. */
export const handler = createHandler({
  find: (image) => new ImageFinder(new EC2Client({}), clock).find(image),
  respond: tellCloudFormation,
});
