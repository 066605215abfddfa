import { request as httpRequest } from 'node:http';
import { CreateTableCommand, DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { DescribeInstancesCommand, EC2Client, RunInstancesCommand } from '@aws-sdk/client-ec2';
import { ListCommandsCommand } from '@aws-sdk/client-ssm';
import { afterEach, describe, expect, it } from 'vitest';
import { startDynamo } from '../../../local/world/dynamo.ts';
import { X86_IMAGE } from '../region/bench.ts';
import { EndpointBench, errorName, type EndpointBenchOptions } from './bench.ts';

let bench: EndpointBench;
const start = async (options: EndpointBenchOptions = {}): Promise<void> => {
  bench = await EndpointBench.start(options);
};
afterEach(() => bench.stop());

const run = (count = 1, client = bench.ec2) =>
  client.send(
    new RunInstancesCommand({
      ImageId: X86_IMAGE,
      InstanceType: 'c7i.large',
      MinCount: count,
      MaxCount: count,
    }),
  );

const SIGNED = {
  authorization:
    'AWS4-HMAC-SHA256 Credential=test/20270115/us-east-1/ec2/aws4_request, SignedHeaders=host, Signature=0',
};

/** A request as no SDK sends it. */
function raw(body: string, headers: Record<string, string> = {}): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const all = { 'content-type': 'application/x-www-form-urlencoded', ...SIGNED, ...headers };
    const sent = httpRequest(bench.endpoint.url, { method: 'POST', headers: all }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: text }));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

describe('faults on the wire', () => {
  it('a lost reply is a broken connection after the deed', async () => {
    await start();
    bench.region.faults.next('RunInstances', { kind: 'lost-reply' });
    await expect(run()).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(bench.region.instances.all).toHaveLength(1);
  });

  it('a lost request is one before it', async () => {
    await start();
    bench.region.faults.next('RunInstances', { kind: 'lost-request' });
    await expect(run()).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(bench.region.instances.all).toHaveLength(0);
  });

  it('a client that asks again gets what it had asked for, once', async () => {
    await start();
    bench.region.faults.next('RunInstances', { kind: 'lost-reply' });
    const patient = new EC2Client({ ...bench.clientOptions(), maxAttempts: 3 });
    const { Instances } = await run(2, patient);
    expect(Instances).toHaveLength(2);
    expect(bench.region.instances.all).toHaveLength(2);
    patient.destroy();
  });

  it('throttling has each service’s name and status', async () => {
    await start();
    for (const action of ['DescribeInstances', 'ListCommands'])
      bench.region.faults.next(action, { kind: 'throttle' });
    await expect(bench.ec2.send(new DescribeInstancesCommand())).rejects.toMatchObject({
      name: 'RequestLimitExceeded',
      $metadata: { httpStatusCode: 503 },
    });
    await expect(bench.ssm.send(new ListCommandsCommand())).rejects.toMatchObject({
      name: 'ThrottlingException',
      $metadata: { httpStatusCode: 400 },
    });
  });

  it('request limits bite: the sixth launch at once is one too many', async () => {
    await start();
    const names: string[] = [];
    for (let index = 0; index < 6; index += 1) names.push(await errorName(run()));
    expect(names).toEqual(['none', 'none', 'none', 'none', 'none', 'RequestLimitExceeded']);
  });

  it('a delayed answer comes when its time has come', async () => {
    await start({ speed: 50 });
    bench.region.faults.next('RunInstances', { kind: 'delay', seconds: 5 });
    const before = bench.timeline.now;
    await run();
    expect(bench.timeline.now).toBeGreaterThanOrEqual(before + 5);
  });
});

describe('what the endpoint does not take', () => {
  it.each<[string, string, string]>([
    [
      'an unknown parameter',
      'Action=DescribeInstances&Version=2016-11-15&InstnaceId.1=i-1',
      '<Code>UnknownParameter</Code>',
    ],
    ['an unknown action', 'Action=DescribeKeyPairs&Version=2016-11-15', '<Code>InvalidAction</Code>'],
    ['an inherited name', 'Action=constructor&Version=2016-11-15', '<Code>InvalidAction</Code>'],
    ['another version', 'Action=DescribeInstances&Version=2010-01-01', '<Code>InvalidAction</Code>'],
    ['an unknown STS action', 'Action=AssumeRole&Version=2011-06-15', '<Code>InvalidAction</Code>'],
  ])('%s', async (_, body, part) => {
    await start();
    const answer = await raw(body);
    expect(answer.status).toBe(400);
    expect(answer.body).toContain(part);
  });

  it.each<[string, Record<string, string>, string]>([
    ['no signature', { authorization: '' }, 'MissingAuthenticationToken'],
    ['another way to sign', { authorization: 'Basic dGVzdDp0ZXN0' }, 'MissingAuthenticationToken'],
    ['a name that leads here by trickery', { host: 'evil.example:80' }, 'AccessDenied'],
    ['a web page', { origin: 'http://localhost:3000' }, 'AccessDenied'],
  ])('%s', async (_, headers, code) => {
    await start();
    const answer = await raw('Action=DescribeInstances&Version=2016-11-15', headers);
    expect(answer.status).toBe(403);
    expect(answer.body).toContain(`<Code>${code}</Code>`);
  });

  it.each([
    ['AmazonSSM.ListKitchens', '{}', 'UnknownOperationException'],
    ['AmazonSSM.ListCommands', '{"CommandID":"x"}', 'SerializationException'],
    ['AmazonSSM.ListCommands', '{', 'SerializationException'],
    ['DynamoDB_20120810.ListTables', '{}', 'UnknownOperationException'],
  ])('%s %s', async (target, body, type) => {
    await start();
    const answer = await raw(body, { 'x-amz-target': target, 'content-type': 'application/x-amz-json-1.1' });
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.body)).toMatchObject({ __type: type });
  });
});

it('listens on the loopback interface only', async () => {
  await start();
  expect(new URL(bench.endpoint.url).hostname).toBe('127.0.0.1');
});

it('says who one is', async () => {
  await start();
  const { status, body } = await raw('Action=GetCallerIdentity&Version=2011-06-15');
  expect(status).toBe(200);
  expect(body).toContain('<GetCallerIdentityResult><Arn>arn:aws:iam::000000000000:root</Arn>');
});

it('passes DynamoDB on to its engine, answers and errors alike', async () => {
  const dynamo = await startDynamo();
  await start({ dynamoDbUrl: dynamo.endpoint });
  const client = new DynamoDBClient(bench.clientOptions());
  await client.send(
    new CreateTableCommand({
      TableName: 'state',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    }),
  );
  const put = (n: string) =>
    client.send(
      new PutItemCommand({
        TableName: 'state',
        Item: { pk: { S: 'a' }, n: { N: n } },
        ConditionExpression: 'attribute_not_exists(pk)',
      }),
    );
  while ((await errorName(put('1'))) === 'ResourceNotFoundException')
    await new Promise((resolve) => setTimeout(resolve, 5));
  expect(await errorName(put('2'))).toBe('ConditionalCheckFailedException');
  const { Item } = await client.send(new GetItemCommand({ TableName: 'state', Key: { pk: { S: 'a' } } }));
  expect(Item).toEqual({ pk: { S: 'a' }, n: { N: '1' } });
  client.destroy();
  await dynamo.stop();
});
