/** `--stack` and `--function`: real SDK clients against answers of AWS. */
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { awsTarget, functionOfStack } from '../../local/programs/operate/aws-target.ts';

interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

let server: Server;
let asked: { readonly url: string; readonly body: string }[];
let reply: Reply;
const before = { ...process.env };

beforeEach(async () => {
  asked = [];
  server = createServer((request, response) => {
    void text(request).then((body) => {
      asked.push({ url: request.url ?? '', body });
      response.writeHead(reply.status ?? 200, reply.headers).end(reply.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' });
});
afterEach(async () => {
  process.env = { ...before };
  await new Promise((resolve) => {
    server.closeAllConnections();
    server.close(resolve);
  });
});

const place = () => ({
  region: 'eu-central-1',
  endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
});

const stack = (outputs: string): string =>
  `<DescribeStacksResponse><DescribeStacksResult><Stacks><member><StackName>farm</StackName>` +
  `<StackStatus>CREATE_COMPLETE</StackStatus><CreationTime>2026-03-02T12:00:00Z</CreationTime>` +
  `<Outputs>${outputs}</Outputs></member></Stacks></DescribeStacksResult></DescribeStacksResponse>`;
const output = (key: string, value: string): string =>
  `<member><OutputKey>${key}</OutputKey><OutputValue>${value}</OutputValue></member>`;

describe('a stack', () => {
  it('says which function is its own', async () => {
    reply = { body: stack(output('StateTable', 'farm-state') + output('FunctionName', 'farm-reconcile-1')) };
    expect(await functionOfStack(place(), 'farm')).toBe('farm-reconcile-1');
    expect(asked[0]?.body).toContain('StackName=farm');
  });

  it('without that output is told, with what to do', async () => {
    reply = { body: stack(output('Doctor', 'aws lambda invoke')) };
    await expect(functionOfStack(place(), 'farm')).rejects.toThrow(
      /farm \(CREATE_COMPLETE\) has no output FunctionName: deploy .*--function/,
    );
  });

  it('that is not there may be in another region', async () => {
    const message = 'Stack with id farm does not exist';
    reply = {
      status: 400,
      body: `<ErrorResponse><Error><Type>Sender</Type><Code>ValidationError</Code><Message>${message}</Message></Error></ErrorResponse>`,
    };
    await expect(functionOfStack(place(), 'farm')).rejects.toThrow(
      `the stack farm cannot be asked: ${message}; is it of this region and account`,
    );
  });
});

describe('a function in AWS', () => {
  it('is sent the event once, and answers', async () => {
    const answer = { result: 'status', message: 'fine' };
    reply = { body: JSON.stringify(answer) };
    expect(await awsTarget(place(), 'farm-1')({ status: true })).toEqual(answer);
    expect(asked).toEqual([{ url: '/2015-03-31/functions/farm-1/invocations', body: '{"status":true}' }]);
  });

  it('that fails is no answer', async () => {
    reply = { headers: { 'x-amz-function-error': 'Unhandled' }, body: '{"errorMessage":"no table"}' };
    await expect(awsTarget(place(), 'farm-1')({ status: true })).rejects.toThrow(
      'the function failed: no table',
    );
  });

  it('that is somebody else’s is none of ours', async () => {
    reply = { body: '"hello"' };
    await expect(awsTarget(place(), 'farm-1')({ status: true })).rejects.toThrow(
      'this is no answer of hydra-autoscaler: "hello"',
    );
  });

  it('that cannot be asked is not asked again', async () => {
    reply = {
      status: 500,
      headers: { 'x-amzn-errortype': 'ServiceException' },
      body: '{"message":"try later"}',
    };
    await expect(awsTarget(place(), 'farm-1')({ tick: true })).rejects.toThrow(
      /farm-1 cannot be asked: try later/,
    );
    expect(asked).toHaveLength(1);
  });
});
