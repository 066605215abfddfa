import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SNSClient } from '@aws-sdk/client-sns';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SnsNotifier } from '../../../lambdas/aws/sns/notifier.ts';

const TOPIC = 'arn:aws:sns:us-east-1:123456789012:told';

const bodies: URLSearchParams[] = [];
let status = 200;
const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    bodies.push(new URLSearchParams(Buffer.concat(chunks).toString()));
    response.writeHead(status, { 'content-type': 'text/xml' });
    response.end(
      status === 200
        ? '<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishResult><MessageId>1</MessageId></PublishResult></PublishResponse>'
        : '<ErrorResponse><Error><Code>AuthorizationError</Code><Message>no</Message></Error></ErrorResponse>',
    );
  });
});

let client: SNSClient;

beforeEach(async () => {
  bodies.length = 0;
  status = 200;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  client = new SNSClient({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
});

afterEach(async () => {
  client.destroy();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

describe('the SNS notifier', () => {
  it('publishes subject and text to its topic', async () => {
    const failures: unknown[] = [];
    const notifier = new SnsNotifier(client, TOPIC, (error) => failures.push(error));
    await notifier.notify('a machine failed', 'i-1: not ready after 600 s\n\nLook at its console.');
    expect(failures).toEqual([]);
    expect(Object.fromEntries(bodies[0] ?? [])).toMatchObject({
      Action: 'Publish',
      TopicArn: TOPIC,
      Subject: 'a machine failed',
      Message: 'i-1: not ready after 600 s\n\nLook at its console.',
    });
  });

  it('never throws: a refusal is told to somebody else', async () => {
    status = 403;
    const failures: unknown[] = [];
    await new SnsNotifier(client, TOPIC, (error) => failures.push(error)).notify('x', 'y');
    expect(String(failures)).toContain('AuthorizationError');
  });
});
