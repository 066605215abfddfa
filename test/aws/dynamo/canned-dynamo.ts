/** A server on the loopback that answers DynamoDB calls with what a test has laid ready, for answers no engine gives. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { localDynamoClient } from '../../../local/world/dynamo.ts';

export interface CannedDynamo {
  /** Operations asked for, in order: `Query`, `PutItem`, … */
  readonly calls: readonly string[];
  readonly client: DynamoDBClient;
  close(): Promise<void>;
}

/** @param answers bodies of the answers, all of status 200, in order; the last one goes on forever. */
export async function startCannedDynamo(answers: readonly object[]): Promise<CannedDynamo> {
  const calls: string[] = [];
  const server = createServer((request, response) => {
    const body = answers[Math.min(calls.length, answers.length - 1)] ?? {};
    calls.push(String(request.headers['x-amz-target']).replace(/^.*\./, ''));
    request.resume().on('end', () => {
      response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const client = localDynamoClient(`http://127.0.0.1:${port}`);
  return {
    calls,
    client,
    close: async () => {
      client.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
