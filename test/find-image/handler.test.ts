import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { createHandler } from '../../lambdas/find-image/handler.ts';
import { tellCloudFormation } from '../../lambdas/find-image/tell-cloudformation.ts';
import type { ResourceResponse } from '../../lambdas/find-image/tell-cloudformation.ts';
import type { Image } from '../../lambdas/core/config/image.ts';

const REQUEST = {
  RequestType: 'Create',
  ResponseURL: 'https://cloudformation.example.org/answer?signature=1',
  StackId: 'arn:aws:cloudformation:eu-central-1:123456789012:stack/farm/1',
  RequestId: 'request-1',
  LogicalResourceId: 'Image',
  ResourceType: 'Custom::NewestImage',
  ResourceProperties: {
    ServiceToken: 'arn:aws:lambda:eu-central-1:123456789012:function:f',
    Owner: '427812963091',
    Name: 'nixos/26.05*',
    Architecture: 'arm64',
  },
};

async function ask(
  event: Record<string, unknown>,
  find: (image: Image) => Promise<string | undefined> = () => Promise.resolve('ami-new'),
): Promise<ResourceResponse> {
  const responses: ResourceResponse[] = [];
  const handler = createHandler({
    find,
    respond: (url, response) => {
      expect(url).toBe(REQUEST.ResponseURL);
      responses.push(response);
      return Promise.resolve();
    },
  });
  await handler({ ...REQUEST, ...event });
  const [response] = responses;
  if (response === undefined) throw new Error('CloudFormation was told nothing');
  return response;
}

describe('the image of the Hydra host', () => {
  it('is the newest one when the host is made', async () => {
    const asked: Image[] = [];
    const response = await ask({}, (image) => {
      asked.push(image);
      return Promise.resolve('ami-new');
    });
    expect(asked).toEqual([{ owner: '427812963091', name: 'nixos/26.05*', architecture: 'arm64' }]);
    expect(response).toEqual({
      Status: 'SUCCESS',
      StackId: REQUEST.StackId,
      RequestId: 'request-1',
      LogicalResourceId: 'Image',
      PhysicalResourceId: 'ami-new',
      Data: { ImageId: 'ami-new' },
    });
  });

  it.each(['Update', 'Delete'])(
    'stays what it was at every %s, so that the host is not replaced',
    async (RequestType) => {
      const response = await ask({ RequestType, PhysicalResourceId: 'ami-old' });
      expect(response).toMatchObject({
        Status: 'SUCCESS',
        PhysicalResourceId: 'ami-old',
        Data: { ImageId: 'ami-old' },
      });
    },
  );

  it('fails the deployment with a reason where there is none, or EC2 cannot be asked', async () => {
    expect(await ask({}, () => Promise.resolve(undefined))).toMatchObject({
      Status: 'FAILED',
      Reason: 'there is no image "nixos/26.05*" (arm64) of account 427812963091 in this region',
    });
    expect(await ask({}, () => Promise.reject(new Error('denied')))).toMatchObject({
      Status: 'FAILED',
      Reason: 'EC2 could not be asked for images: Error: denied',
    });
  });

  it('can be deleted after it failed', async () => {
    expect(await ask({ RequestType: 'Delete', PhysicalResourceId: 'none' })).toMatchObject({
      Status: 'SUCCESS',
    });
  });
});

/** Where CloudFormation waits; answers with `status`. */
async function receive(
  status: number,
): Promise<{ request: IncomingMessage; body: unknown; failure: unknown }> {
  const requests: { request: IncomingMessage; body: unknown }[] = [];
  const server = createServer((request, response) => {
    void json(request).then((body) => {
      requests.push({ request, body });
      response.writeHead(status).end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/answer?signature=1`;
  const failure: unknown = await tellCloudFormation(url, await ask({})).catch((error: unknown) => error);
  server.closeAllConnections();
  server.close();
  const [first] = requests;
  if (first === undefined) throw new Error('nothing came');
  return { ...first, failure };
}

describe('the answer to CloudFormation', () => {
  it('is put without a content type, as the signed address demands', async () => {
    const { request, body, failure } = await receive(200);
    expect(failure).toBeUndefined();
    expect(request).toMatchObject({ method: 'PUT', url: '/answer?signature=1' });
    expect(request.headers).not.toHaveProperty('content-type');
    expect(body).toMatchObject({ Status: 'SUCCESS', Data: { ImageId: 'ami-new' } });
  });

  it('is an error of the function where it is not taken', async () => {
    expect((await receive(403)).failure).toMatchObject({
      message: 'CloudFormation did not take the answer: 403',
    });
  });
});
