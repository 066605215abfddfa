import {
  CloudFormationClient,
  DescribeStacksCommand,
  ListStacksCommand,
} from '@aws-sdk/client-cloudformation';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startEndpoint } from '../../../local/world/endpoint/server.ts';
import type { Endpoint } from '../../../local/world/endpoint/server.ts';
import { EndpointBench } from './bench.ts';

let bench: EndpointBench;
let endpoint: Endpoint;
let client: CloudFormationClient;

beforeEach(async () => {
  bench = await EndpointBench.start({});
  const stack = { name: 'farm', outputs: { StateTable: 'farm-state', FunctionName: 'a<b' } };
  endpoint = await startEndpoint({ region: bench.region, stack });
  client = new CloudFormationClient({
    ...{ endpoint: endpoint.url, region: 'us-east-1', maxAttempts: 1 },
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
});
afterEach(async () => {
  client.destroy();
  await endpoint.close();
  await bench.stop();
});

const outputsOf = async (name?: string) => {
  const { Stacks = [] } = await client.send(
    new DescribeStacksCommand(name === undefined ? {} : { StackName: name }),
  );
  return Stacks.map(({ StackName, Outputs = [] }) => [
    StackName,
    Object.fromEntries(Outputs.map(({ OutputKey = '', OutputValue }) => [OutputKey, OutputValue])),
  ]);
};

describe('the stack of a served farm', () => {
  it('is described by its name, and as one of all, with what it puts out', async () => {
    const described = [['farm', { StateTable: 'farm-state', FunctionName: 'a<b' }]];
    expect(await outputsOf('farm')).toEqual(described);
    expect(await outputsOf()).toEqual(described);
  });

  it('is the only one', async () => {
    await expect(outputsOf('other')).rejects.toMatchObject({
      name: 'ValidationError',
      message: 'Stack with id other does not exist',
    });
  });

  it('can only be described', async () => {
    await expect(client.send(new ListStacksCommand({}))).rejects.toMatchObject({ name: 'InvalidAction' });
  });
});
